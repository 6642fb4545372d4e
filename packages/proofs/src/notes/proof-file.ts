import { HASH_SIZE } from '../tree/hashes.js';
import { isCount } from '../tree/prove.js';
import { fromBase64, toBase64 } from './base64.js';
import { parseCheckpoint, type SignedCheckpoint } from './checkpoint.js';
import { formatNote, MalformedNoteError } from './note.js';

/** A `.tlog-proof`: that a leaf is in a tree that was signed. Source: C2SP tlog-proof. */
export interface ProofFile {
  /** What the application adds; nothing vouches for it. */
  readonly extra: Buffer | undefined;
  /** Index of the leaf, from 0. */
  readonly index: number;
  readonly proof: readonly Buffer[];
  readonly checkpoint: SignedCheckpoint;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^63 leaves has no longer paths. */
const LONGEST_PATH = 63;

/** The text of a `.tlog-proof` file. */
export function formatProof({ extra, index, proof, checkpoint }: ProofFile): string {
  const lines = [HEADER, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...proof.map(toBase64)];
  return `${lines.join('\n')}\n\n${formatNote(checkpoint.note)}`;
}

/**
 * Reads a proof. It checks neither the signatures nor the hashes.
 * @throws MalformedNoteError
 */
export function parseProof(text: string | Uint8Array): ProofFile {
  const whole = typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
  const end = whole.indexOf('\n\n');
  const [header, ...lines] = whole.slice(0, Math.max(end, 0)).split('\n');
  if (header !== HEADER) throw refused(`its first line is not ${HEADER}.`);
  const extra = lines[0]?.startsWith('extra ') ? fromBase64(lines.shift()!.slice('extra '.length)) : null;
  if (extra === undefined) throw refused('its extra line is not base64.');
  const [, digits] = /^index (0|[1-9]\d*)$/.exec(lines.shift() ?? '') ?? [];
  if (digits === undefined || !isCount(Number(digits))) throw refused('its index line is missing.');
  if (lines.length > LONGEST_PATH) throw refused('it has too many hashes.');
  const proof = lines.map((line) => {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_SIZE) throw refused('one of its hashes is not 32 bytes in base64.');
    return hash;
  });
  return { extra: extra ?? undefined, index: Number(digits), proof, checkpoint: parseCheckpoint(whole.slice(end + 2)) };
}

function refused(why: string): MalformedNoteError {
  return new MalformedNoteError('proof', why);
}
