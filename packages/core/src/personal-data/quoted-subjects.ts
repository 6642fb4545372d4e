import type { JsonValue } from '../events/json.js';
import { wholeWord } from '../whole-word.js';

/** A personal field with its value. */
export interface FieldValue {
  readonly subject: string;
  readonly value: JsonValue | undefined;
}

/** In characters. Shorter values occur in too many texts: they count only where they are the whole text, or a word of two letters. */
const SHORTEST = 3;
const SHORT_WORD = /^\p{L}{2}$/u;
/** Has letters and digits in any order, of which a short name may be made. It quotes nobody. */
const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/**
 * The subjects whose personal fields a copy quotes: a text of the copy has the value of a field in it, whatever the case
 * and the Unicode form, or a number of the copy is one of a field. A value that was changed otherwise is not found.
 */
export function quotedSubjects(copy: unknown, fields: readonly FieldValue[]): string[] {
  const texts = new Set(leavesOf(copy).map(normalised));
  if (texts.size === 0) return [];
  const quoted = fields.filter(({ value }) => leavesOf(value).some((leaf) => isQuoted(leaf, texts)));
  return [...new Set(quoted.map(({ subject }) => subject))];
}

function isQuoted(leaf: string | number, texts: ReadonlySet<string>): boolean {
  const value = normalised(leaf);
  if (value === '') return false;
  if (texts.has(value)) return true;
  if (value.length < SHORTEST && !SHORT_WORD.test(value)) return false;
  if (typeof leaf === 'string' && value.length >= SHORTEST) return isIn(texts, (text) => text.includes(value));
  const word = wholeWord(value);
  return isIn(texts, (text) => text.search(word) >= 0);
}

function isIn(texts: ReadonlySet<string>, quotes: (text: string) => boolean): boolean {
  return [...texts].some((text) => !ID.test(text) && quotes(text));
}

function normalised(leaf: string | number): string {
  return String(leaf).normalize('NFKC').trim().toLowerCase();
}

function leavesOf(value: unknown): (string | number)[] {
  if (typeof value === 'string' || typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}
