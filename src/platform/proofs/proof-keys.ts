import { readFileSync, writeFileSync } from 'node:fs';
import { newSigningKey } from '@leftfold/proofs';
import { Logger } from '@nestjs/common';
import type { ProofSettings } from '../config/proof-variables.js';
import { SettingsError } from '../config/settings.error.js';

/** Name of a key that is made here. */
const NAME = 'leftfold.development';

/**
 * The private keys that sign checkpoints. In development a missing file is made, and the log says so.
 * @throws SettingsError
 */
export function proofKeys({ keys, keyFile, mayMakeKey }: ProofSettings): readonly string[] {
  if (keys) return keys;
  const text = textOf(keyFile) ?? (mayMakeKey ? make(keyFile) : undefined);
  if (text === undefined) {
    throw new SettingsError('PROOF_KEY_FILE', 'names a file that is missing; make it with "leftfold proofs key new".');
  }
  return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
}

function make(file: string): string {
  const key = newSigningKey(NAME);
  try {
    writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    // Another node has made it meanwhile.
    const other = (error as NodeJS.ErrnoException).code === 'EEXIST' ? textOf(file) : undefined;
    if (other !== undefined) return other;
    throw error;
  }
  new Logger('Proofs').warn(
    `Made a key that signs checkpoints, in ${file}. It is for development only; keep it out of version control.`,
  );
  return key;
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new SettingsError('PROOF_KEY_FILE', `names a file that can't be read: ${(error as Error).message}`);
  }
}
