import { EMPTY_ROOT, HASH_SIZE } from '../tree/hashes.js';
import { isCount } from '../tree/prove.js';
import { fromBase64, toBase64 } from './base64.js';
import { MalformedNoteError, parseNote, type SignedNote } from './note.js';

/** What a log has signed: its origin, and a tree. Source: C2SP tlog-checkpoint. */
export interface Checkpoint {
  /** Names the log. */
  readonly origin: string;
  /** Number of leaves: the last position under it. */
  readonly size: number;
  readonly root: Buffer;
}

/** A checkpoint with its signatures. */
export interface SignedCheckpoint extends Checkpoint {
  readonly note: SignedNote;
}

/** The text that is signed. */
export function checkpointText({ origin, size, root }: Checkpoint): string {
  return `${origin}\n${size}\n${toBase64(root)}\n`;
}

/**
 * Reads a checkpoint. It does not check the signatures.
 * @throws MalformedNoteError
 */
export function parseCheckpoint(text: string | Uint8Array): SignedCheckpoint {
  const note = parseNote(text);
  const [origin, size, root, ...more] = note.text.split('\n');
  const hash = fromBase64(root ?? '');
  const leaves = size !== undefined && /^(0|[1-9]\d*)$/.test(size) ? Number(size) : -1;
  if (more.pop() !== '' || more.includes('')) throw refused('it has not three lines or more, none of them empty.');
  if (!origin) throw refused('its origin is missing.');
  if (!isCount(leaves)) throw refused('its second line is not the size of a tree.');
  if (hash?.length !== HASH_SIZE) throw refused('its third line is not a root hash in base64.');
  if (leaves === 0 && !hash.equals(EMPTY_ROOT)) throw refused('its root is not that of the empty tree.');
  return { origin, size: leaves, root: hash, note };
}

function refused(why: string): MalformedNoteError {
  return new MalformedNoteError('checkpoint', why);
}
