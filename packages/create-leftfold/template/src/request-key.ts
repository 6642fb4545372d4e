import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

/** Fewest characters of the key. */
const SHORTEST = 32;
/** Holds the key in development. Keep it out of version control and of the data folder. */
const FILE = 'request.key';
const MAKE = 'make one with "openssl rand -base64 32"';

/**
 * The key of the hashes that are stored with an `Idempotency-Key`. Without it nobody can guess the body of a request from
 * its hash. All processes need the same one. In development it is made at the first start.
 * @throws Error when it is missing in production, or too short
 */
export function requestKeyFrom({ REQUEST_KEY, NODE_ENV }: NodeJS.ProcessEnv, file = FILE): string {
  if (!REQUEST_KEY && NODE_ENV === 'production') throw new Error(`REQUEST_KEY is missing in production; ${MAKE}.`);
  const key = REQUEST_KEY || keyIn(file);
  if (key.length < SHORTEST) {
    throw new Error(`${REQUEST_KEY ? 'REQUEST_KEY' : file} needs ${SHORTEST} characters or more; ${MAKE}.`);
  }
  return key;
}

function keyIn(file: string): string {
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
