import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SetupError } from '@leftfold/core';
import { parseSigningKey, parseVerifierKey, type SigningKey, type VerifierKey } from '../notes/keys.js';
import { isKeyName } from '../notes/note.js';

/** How the log is sealed. Times are in ms. Only `keys` has no default. */
export interface ProofsOptions {
  /**
   * Private keys as `newSigningKey` makes them. All of them sign each checkpoint: give two while the second one takes over
   * from the first.
   */
  readonly keys: readonly string[];
  /**
   * File that remembers the last checkpoint, outside the database and its folder: with it a log that was restored from an
   * older backup is found. Its folder must exist. All nodes need the same one. Default: none, and such a log is found by auditors only.
   */
  readonly memory?: string | undefined;
  /** Shortest time between two checkpoints, from 10. Default: 1,000. */
  readonly interval?: number;
  /** What the origin begins with; the id of the log follows. No blanks and no plus. Default: `leftfold/`. */
  readonly originPrefix?: string;
  /** Public keys of the witnesses whose signatures are taken and served. Default: none. */
  readonly witnessKeys?: readonly string[];
  /** Whether proofs are readable without a role. Default: false. */
  readonly public?: boolean;
  /** The longest that a command with `Leftfold-Wait: sealed` waits. Default: 5,000. */
  readonly waitLimit?: number;
}

/** The options with all defaults filled in. */
export interface ResolvedProofsOptions {
  readonly keys: readonly SigningKey[];
  readonly memory: string | undefined;
  readonly interval: number;
  readonly originPrefix: string;
  readonly witnesses: readonly VerifierKey[];
  readonly public: boolean;
  readonly waitLimit: number;
}

/** The resolved options; undefined when nothing is sealed. */
export const PROOFS_OPTIONS = Symbol('leftfold.proofs.options');

const SHORTEST_INTERVAL = 10;

/**
 * @throws SetupError when a key is no key of a log or of a witness, the folder of `memory` is missing, or another option has
 * no meaning
 */
export function resolveProofsOptions(options: ProofsOptions): ResolvedProofsOptions {
  const { interval = 1_000, originPrefix = 'leftfold/' } = options;
  const keys = options.keys.map((key) => signingKey(key));
  if (keys.length === 0) throw new SetupError('ProofsModule has no keys. Make one with "leftfold proofs key new".');
  if (!(interval >= SHORTEST_INTERVAL)) {
    throw new SetupError(`The interval of ProofsModule is ${interval}. Use ${SHORTEST_INTERVAL} ms or more.`);
  }
  if (!isKeyName(`${originPrefix}x`)) {
    throw new SetupError(`The origin prefix of ProofsModule is "${originPrefix}". Use a text without blanks and plus.`);
  }
  if (options.memory !== undefined) refuseWithoutFolder(options.memory);
  return {
    keys,
    memory: options.memory,
    interval,
    originPrefix,
    witnesses: (options.witnessKeys ?? []).map((key) => witnessKey(key)),
    public: options.public ?? false,
    waitLimit: options.waitLimit ?? 5_000,
  };
}

/** The sealer would try to write there again and again, and seal nothing. The folder is not made: it may be a missing mount. */
function refuseWithoutFolder(memory: string): void {
  const folder = dirname(resolve(memory));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new SetupError(
    `The memory of ProofsModule is ${memory}, and there is no folder ${folder}. Make the folder, or give another file.`,
  );
}

function witnessKey(text: string): VerifierKey {
  let key: VerifierKey;
  try {
    key = parseVerifierKey(text);
  } catch (error) {
    throw new SetupError(`A key of a witness of ProofsModule can't be read. ${(error as Error).message}`);
  }
  if (key.purpose === 'witness') return key;
  throw new SetupError(`The key ${key.name}+${key.keyId} is that of a log, and none of a witness.`);
}

function signingKey(text: string): SigningKey {
  let key: SigningKey;
  try {
    key = parseSigningKey(text);
  } catch (error) {
    throw new SetupError(`A key of ProofsModule can't be read. ${(error as Error).message}`);
  }
  if (key.purpose === 'log') return key;
  throw new SetupError(`The key ${key.name}+${key.keyId} is that of a witness. ProofsModule needs a key of a log.`);
}
