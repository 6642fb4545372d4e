import { fromBase64, toBase64 } from './base64.js';

/** A signature line. */
export interface NoteSignature {
  readonly name: string;
  /** First 4 bytes of a hash, as 8 hex digits. */
  readonly keyId: string;
  readonly signature: Buffer;
}

/** A text with signatures. Source: C2SP signed-note. */
export interface SignedNote {
  /** Ends with a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A note, a checkpoint or a proof is not written as it should be. */
export class MalformedNoteError extends Error {
  constructor(what: string, why: string) {
    super(`This is no ${what}: ${why}`);
    this.name = 'MalformedNoteError';
  }
}

/** More would cost more time to check than a reader should spend. */
const MOST_SIGNATURES = 100;
/** In characters. */
const LONGEST_NOTE = 1_000_000;
/** Control characters but the newline, and halves of surrogate pairs. */
const FORBIDDEN = /[^\P{Cc}\n\u007f-\u009f]|\p{Cs}/u;
/** No spaces and no plus. */
const NAME = /^[^\s+\u0085]+$/u;

export function isKeyName(name: string): boolean {
  return NAME.test(name) && !FORBIDDEN.test(name);
}

/**
 * Reads a note. It does not check the signatures.
 * @throws MalformedNoteError
 */
export function parseNote(note: string | Uint8Array): SignedNote {
  const whole = typeof note === 'string' ? note : decoded(note);
  if (whole.length > LONGEST_NOTE) throw refused('it is too long.');
  if (FORBIDDEN.test(whole)) throw refused('it has control characters.');
  const split = whole.lastIndexOf('\n\n');
  if (split < 0) throw refused('no empty line separates a text and signatures.');
  const lines = whole.slice(split + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0) throw refused('it does not end with a line that is a signature.');
  if (lines.length > MOST_SIGNATURES) throw refused(`it has more than ${MOST_SIGNATURES} signatures.`);
  return { text: whole.slice(0, split + 1), signatures: lines.map((line) => parseSignature(line)) };
}

/** The note as text. */
export function formatNote({ text, signatures }: SignedNote): string {
  if (!text.endsWith('\n') || FORBIDDEN.test(text)) throw refused('its text does not end with a newline.');
  return `${text}\n${signatures.map((each) => signatureLine(each)).join('')}`;
}

/** A signature line, with its newline. */
export function signatureLine({ name, keyId, signature }: NoteSignature): string {
  return `— ${name} ${toBase64(Buffer.concat([Buffer.from(keyId, 'hex'), signature]))}\n`;
}

/** @throws MalformedNoteError */
export function parseSignature(line: string): NoteSignature {
  const [dash, name, encoded, ...more] = line.split(' ');
  const bytes = fromBase64(encoded ?? '');
  if (dash !== '—' || !name || !isKeyName(name) || !bytes || bytes.length <= 4 || more.length > 0) {
    throw refused('a line after the text is no signature.');
  }
  return { name, keyId: bytes.toString('hex', 0, 4), signature: bytes.subarray(4) };
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refused('it is no UTF-8.');
  }
}

function refused(why: string): MalformedNoteError {
  return new MalformedNoteError('signed note', why);
}
