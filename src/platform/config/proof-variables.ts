import { type KeyPurpose, MalformedKeyError, parseVerifierKey } from '@leftfold/proofs';
import { SettingsError } from './settings.error.js';
import type { Variables } from './variables.js';

/** How the log is sealed. */
export interface ProofSettings {
  /** Private keys; undefined when they are in the file. */
  readonly keys: readonly string[] | undefined;
  /** File with the private keys, one a line. It is made when it is missing, unless in production. */
  readonly keyFile: string;
  /** File that remembers the last checkpoint; undefined when there is none. */
  readonly memory: string | undefined;
  /** Whether a missing file of keys is made. */
  readonly mayMakeKey: boolean;
  /** Public keys of trusted witnesses. */
  readonly witnessKeys: readonly string[];
  readonly isPublic: boolean;
}

const DEFAULT_FILE = './proof.key';
const NO_MEMORY =
  'PROOF_MEMORY is not set: this application does not notice when the log is restored from an older backup. Set it to a file outside of the data folder.';
const REMEDY = 'set it to what "leftfold proofs key new" prints, or PROOF_KEY_FILE to a file with it.';

/**
 * Undefined when the log is not sealed.
 * @throws SettingsError
 */
export function readProofs(variables: Variables, environment: string, warnings: string[]): ProofSettings | undefined {
  const text = variables.secret('PROOF_KEY');
  const file = variables.text('PROOF_KEY_FILE');
  const isPublic = variables.choice('PROOFS_PUBLIC', ['true', 'false'], 'false') === 'true';
  const witnessKeys = readWitnessKeys(variables.text('PROOF_WITNESS_KEYS'));
  const hasKey = text !== undefined || file !== undefined;
  const isOn = variables.choice('PROOFS', ['on', 'off'], hasKey ? 'on' : 'off') === 'on';
  if (!isOn) {
    if (isPublic) throw new SettingsError('PROOFS_PUBLIC', 'is true, and the log is not sealed; set PROOFS=on.');
    if (witnessKeys.length > 0) {
      throw new SettingsError('PROOF_WITNESS_KEYS', 'is set, and the log is not sealed; set PROOFS=on.');
    }
    return undefined;
  }
  if (environment === 'production' && !hasKey)
    throw new SettingsError('PROOF_KEY', `is missing in production; ${REMEDY}`);
  const keyFile = file ?? DEFAULT_FILE;
  const memory = variables.text('PROOF_MEMORY') ?? (text === undefined ? `${keyFile}.last-checkpoint` : undefined);
  if (memory === undefined) warnings.push(NO_MEMORY);
  return {
    keys: text?.split(',').map((key) => key.trim()),
    keyFile,
    memory,
    mayMakeKey: environment !== 'production',
    witnessKeys,
    isPublic,
  };
}

function readWitnessKeys(text: string | undefined): readonly string[] {
  const keys = text?.split(',').map((key) => key.trim()) ?? [];
  for (const key of keys) {
    if (purposeOf(key) !== 'witness') {
      throw new SettingsError(
        'PROOF_WITNESS_KEYS',
        `has ${JSON.stringify(key)}, which is no public key of a witness; it takes what "leftfold proofs key new --witness" shows as the public key, several with commas between them.`,
      );
    }
  }
  return keys;
}

function purposeOf(key: string): KeyPurpose | undefined {
  try {
    return parseVerifierKey(key).purpose;
  } catch (error) {
    if (error instanceof MalformedKeyError) return undefined;
    throw error;
  }
}
