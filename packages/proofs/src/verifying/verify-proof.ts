import { parseProof } from '../notes/proof-file.js';
import { type ProvedEvent, provedRecord, readProvedEvent } from '../proving/proved-event.js';
import { encodeRecord } from '../records/record.js';
import { leafHash } from '../tree/hashes.js';
import { includes } from '../tree/verify.js';
import { InvalidProofError, type RequiredSigners, type Signer, signersOf } from './signers.js';

/** What a proof shows. */
export interface ProvedFact {
  readonly event: ProvedEvent;
  readonly origin: string;
  /** Number of events under the checkpoint. */
  readonly size: number;
  readonly signedBy: readonly Signer[];
}

/**
 * Verifies a `.tlog-proof` of an event, without a database.
 * @throws MalformedNoteError, UnverifiedNoteError, InvalidProofError
 */
export function verifyProof(file: string | Uint8Array, required: RequiredSigners): ProvedFact {
  const { extra, index, proof, checkpoint } = parseProof(file);
  const signedBy = signersOf(checkpoint, required);
  const event = extra && readProvedEvent(extra);
  if (!event)
    throw new InvalidProofError('The proof has no event in it, or has it in another form than the log writes it.');
  if (event.position !== index + 1) throw new InvalidProofError('The position of the event is not that of the proof.');
  const hash = leafHash(encodeRecord(provedRecord(event)));
  if (!includes(proof, { index, hash }, checkpoint)) {
    throw new InvalidProofError('The event is not in the tree that was signed: the event or the proof was changed.');
  }
  return { event, origin: checkpoint.origin, size: checkpoint.size, signedBy };
}
