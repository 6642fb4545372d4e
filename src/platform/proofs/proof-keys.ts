import { newSigningKey } from '@leftfold/proofs';
import { Logger } from '@nestjs/common';
import type { ProofSettings } from '../config/proof-variables.js';
import { SettingsError } from '../config/settings.error.js';
import { KeyFile } from '../keys/key-file.js';

/** Name of a key that is made here. */
const NAME = 'leftfold.development';

/**
 * The private keys that sign checkpoints. In development the application makes a missing file, and the log says so. A command
 * uses the keys of the application: with one of its own it would sign what nobody can verify.
 * @throws SettingsError
 */
export function proofKeys(
  { keys, keyFile, mayMakeKey }: ProofSettings,
  use: 'serving' | 'command-line',
): readonly string[] {
  if (keys) return keys;
  const file = new KeyFile(keyFile, 'PROOF_KEY_FILE');
  const found = file.read();
  if (found) return found;
  if (use === 'command-line') {
    const why = `is not set, and there is no file ${keyFile}`;
    throw new SettingsError('PROOF_KEY', `${why}. Set it, or PROOF_KEY_FILE, as for the application.`);
  }
  if (!mayMakeKey) {
    throw new SettingsError('PROOF_KEY_FILE', 'names a file that is missing; make it with "leftfold proofs key new".');
  }
  return file.make(newSigningKey(NAME), () =>
    new Logger('Proofs').warn(
      `Made a key that signs checkpoints, in ${keyFile}. It is for development only; keep it out of version control.`,
    ),
  );
}
