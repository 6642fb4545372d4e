import type { JsonValue } from '../events/json.js';

/** A personal field with its value. */
export interface FieldValue {
  readonly subject: string;
  readonly value: JsonValue | undefined;
}

/** In characters. A shorter value counts only where it is the whole text: it occurs in too many others. */
const SHORTEST = 3;

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
  return typeof leaf === 'string' && value.length >= SHORTEST && [...texts].some((text) => text.includes(value));
}

function normalised(leaf: string | number): string {
  return String(leaf).normalize('NFKC').trim().toLowerCase();
}

function leavesOf(value: unknown): (string | number)[] {
  if (typeof value === 'string' || typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(leavesOf);
}
