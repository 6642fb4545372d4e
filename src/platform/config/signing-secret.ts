import { randomBytes } from 'node:crypto';
import { SettingsError } from './settings.error.js';
import type { Variables } from './variables.js';

/** HS256 outputs as many bytes as this has characters: a shorter secret would be the weakest part. */
const SHORTEST_SECRET = 32;
/** Fewest different characters. Random text of that length has more, in any notation; a repeated word has fewer. */
const FEWEST_CHARACTERS = 8;
const REMEDY = `set it to at least ${SHORTEST_SECRET} random characters, such as "openssl rand -base64 48" prints.`;

export function readSigningSecret(variables: Variables, environment: string, warnings: string[]): string {
  const secret = variables.secret('JWT_SECRET');
  if (secret !== undefined) {
    if (secret.length < SHORTEST_SECRET) throw new SettingsError('JWT_SECRET', `is too short; ${REMEDY}`);
    if (environment === 'production' && new Set(secret).size < FEWEST_CHARACTERS) {
      throw new SettingsError('JWT_SECRET', `has too few different characters; ${REMEDY}`);
    }
    return secret;
  }
  if (environment === 'production') throw new SettingsError('JWT_SECRET', `is missing in production; ${REMEDY}`);
  warnings.push('JWT_SECRET is not set. A random one is used, so access tokens become invalid when this process ends.');
  return randomBytes(48).toString('base64url');
}
