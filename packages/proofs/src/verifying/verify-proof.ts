import type { VerifierKey } from '../notes/keys.js';
import { parseProof } from '../notes/proof-file.js';
import { verifyNote } from '../notes/signing.js';
import { type ProvedEvent, provedRecord, readProvedEvent } from '../proving/proved-event.js';
import { encodeRecord } from '../records/record.js';
import { leafHash } from '../tree/hashes.js';
import { includes } from '../tree/verify.js';

/** What a proof shows. */
export interface ProvedFact {
  readonly event: ProvedEvent;
  readonly origin: string;
  /** Number of events under the checkpoint. */
  readonly size: number;
  /** Name and id of each known key that has signed, with the time (ISO 8601) for witnesses. */
  readonly signedBy: readonly { readonly key: string; readonly time: string | undefined }[];
}

/** A proof does not show what it claims. */
export class InvalidProofError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidProofError';
  }
}

/** Who must have signed a proof. */
export interface VerifyProofOptions {
  /** Keys of the log, and of witnesses. One of the log must have signed. */
  readonly keys: readonly VerifierKey[];
  /** The origin that the checkpoint must have; any when left out. */
  readonly origin?: string | undefined;
  /** How many known witnesses must have signed. Default: 0. */
  readonly witnesses?: number;
}

/**
 * Verifies a `.tlog-proof` of an event, without a database.
 * @throws MalformedNoteError, UnverifiedNoteError, InvalidProofError
 */
export function verifyProof(
  file: string | Uint8Array,
  { keys, origin, witnesses = 0 }: VerifyProofOptions,
): ProvedFact {
  const { extra, index, proof, checkpoint } = parseProof(file);
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
  const event = extra && readProvedEvent(extra);
  if (!event) throw new InvalidProofError('The proof has no event in it.');
  if (event.position !== index + 1) throw new InvalidProofError('The position of the event is not that of the proof.');
  const hash = leafHash(encodeRecord(provedRecord(event)));
  if (!includes(proof, { index, hash }, checkpoint)) {
    throw new InvalidProofError('The event is not in the tree that was signed: the event or the proof was changed.');
  }
  const signedBy = verified.map(({ key: { name, keyId }, time }) => ({
    key: `${name}+${keyId}`,
    time: time === undefined ? undefined : new Date(time * 1_000).toISOString(),
  }));
  return { event, origin: checkpoint.origin, size: checkpoint.size, signedBy };
}
