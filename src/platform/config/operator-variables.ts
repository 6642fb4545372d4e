import { isEmail, length } from 'class-validator';
import { SettingsError } from './settings.error.js';
import type { Variables } from './variables.js';

/** The first operator's address and password. This user may do everything from the first start on. */
export interface FirstOperator {
  readonly email: string;
  readonly password: string;
}

const SHORTEST_PASSWORD = 10;
const LONGEST_PASSWORD = 128;

export function readOperator(variables: Variables): FirstOperator | undefined {
  const email = variables.text('OPERATOR_EMAIL');
  const password = variables.secret('OPERATOR_PASSWORD');
  if (email === undefined && password === undefined) return undefined;
  if (email === undefined) {
    throw new SettingsError('OPERATOR_EMAIL', 'is missing, and OPERATOR_PASSWORD is set; set both, or neither.');
  }
  if (password === undefined) {
    throw new SettingsError('OPERATOR_PASSWORD', 'is missing, and OPERATOR_EMAIL is set; set both, or neither.');
  }
  if (!isEmail(email)) throw new SettingsError('OPERATOR_EMAIL', 'is not an e-mail address; set it to one.');
  if (!length(password, SHORTEST_PASSWORD, LONGEST_PASSWORD)) {
    const wanted = `${SHORTEST_PASSWORD} to ${LONGEST_PASSWORD} characters`;
    throw new SettingsError('OPERATOR_PASSWORD', `is too short or too long; choose one of ${wanted}.`);
  }
  return { email, password };
}
