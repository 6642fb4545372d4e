import { fromBase64, toBase64 } from '../notes/base64.js';
import { parseCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import { formatNote, MalformedNoteError } from '../notes/note.js';
import { HASH_SIZE } from '../tree/hashes.js';

/** What a witness is asked to sign. Source: C2SP tlog-witness, the body of add-checkpoint. */
export interface WitnessRequest {
  /** Size of the checkpoint that the witness saw last; 0 for none. */
  readonly oldSize: number;
  readonly proof: readonly Buffer[];
  readonly checkpoint: SignedCheckpoint;
}

const LONGEST_PROOF = 63;

/** The text of a request. */
export function formatWitnessRequest({ oldSize, proof, checkpoint }: WitnessRequest): string {
  return `${[`old ${oldSize}`, ...proof.map(toBase64)].join('\n')}\n\n${formatNote(checkpoint.note)}`;
}

/**
 * Reads a request, or a checkpoint alone, which stands for one without a proof.
 * @throws MalformedNoteError
 */
export function parseWitnessRequest(text: string): WitnessRequest {
  if (!text.startsWith('old ')) return { oldSize: 0, proof: [], checkpoint: parseCheckpoint(text) };
  const end = text.indexOf('\n\n');
  const [first = '', ...lines] = text.slice(0, Math.max(end, 0)).split('\n');
  const [, digits] = /^old (0|[1-9]\d{0,15})$/.exec(first) ?? [];
  if (digits === undefined)
    throw new MalformedNoteError('request for a witness', 'its first line is not "old <size>".');
  if (lines.length > LONGEST_PROOF) throw new MalformedNoteError('request for a witness', 'it has too many hashes.');
  const proof = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_SIZE) throw new MalformedNoteError('request for a witness', 'a line is no hash.');
    return hash;
  });
  return { oldSize: Number(digits), proof, checkpoint: parseCheckpoint(text.slice(end + 2)) };
}
