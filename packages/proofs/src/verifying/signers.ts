import type { SignedCheckpoint } from '../notes/checkpoint.js';
import type { VerifierKey } from '../notes/keys.js';
import { verifyNote } from '../notes/signing.js';

/** A proof does not show what it claims. */
export class InvalidProofError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidProofError';
  }
}

/** Who must have signed a checkpoint. */
export interface RequiredSigners {
  /** Keys of the log, and of witnesses. One of the log must have signed. */
  readonly keys: readonly VerifierKey[];
  /** The origin that the checkpoint must have; any when left out. */
  readonly origin?: string | undefined;
  /** How many known witnesses must have signed. Default: 0. */
  readonly witnesses?: number;
}

/** Name and id of a known key that has signed, with the time (ISO 8601) for witnesses. */
export interface Signer {
  readonly key: string;
  readonly time: string | undefined;
}

/**
 * The known keys that have signed.
 * @throws UnverifiedNoteError, InvalidProofError when others must have signed
 */
export function signersOf(
  checkpoint: SignedCheckpoint,
  { keys, origin, witnesses = 0 }: RequiredSigners,
): readonly Signer[] {
  const verified = verifyNote(checkpoint.note, keys);
  if (!verified.some(({ key }) => key.purpose === 'log')) {
    throw new InvalidProofError('Only witnesses have signed the checkpoint, and not the log.');
  }
  const seen = new Set(verified.filter(({ key }) => key.purpose === 'witness').map(({ key }) => key.name)).size;
  if (seen < witnesses)
    throw new InvalidProofError(`${seen} known witnesses have signed, and ${witnesses} are asked for.`);
  if (origin !== undefined && checkpoint.origin !== origin) {
    throw new InvalidProofError(`The checkpoint is of another log: its origin is ${checkpoint.origin}.`);
  }
  return verified.map(({ key: { name, keyId }, time }) => ({
    key: `${name}+${keyId}`,
    time: time === undefined ? undefined : new Date(time * 1_000).toISOString(),
  }));
}
