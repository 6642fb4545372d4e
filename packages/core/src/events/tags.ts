import { createHmac } from 'node:crypto';
import { secretKeyOf } from '../secret-key.js';

/** A value that connects events across streams: `{ name: 'email', value: 'ann@example.com' }`. */
export interface Tag {
  readonly name: string;
  readonly value: string;
  /** Compares the value by case, width and surrounding space. An exact tag never equals one that is not. */
  readonly exact?: boolean;
}

/** A value of a tag that keeps its case. Made by `exactly`. */
export interface ExactValue {
  readonly exact: string;
}

/** Values of one tag's name. */
export type TagValue = string | ExactValue;

/** Tags by name. `undefined` values are left out. */
export type TagValues = Readonly<Record<string, TagValue | readonly TagValue[] | undefined>>;

/** A tag's value that is compared by case: `tags: (event) => ({ voucher: exactly(event.code) })`. */
export function exactly(value: string): ExactValue {
  return { exact: value };
}

/** Two spellings of one value (case, width, composed or decomposed letters) become the same tag. */
export function normaliseTagValue(value: string): string {
  return value.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
}

/** The stored form of a tag: HMAC-SHA-256 with the log's own key, so that values can't be read from the table. */
export function sealTag(key: Buffer, { name, value, exact }: Tag): string {
  // No name begins with a NUL, so an exact tag can't have the text of another one.
  const text = exact ? `\0${name}\0${value.normalize('NFC')}` : `${name}\0${normaliseTagValue(value)}`;
  return createHmac('sha256', secretKeyOf(key)).update(text).digest('base64url');
}

/** `{ email: 'a@b.c', username: ['x', 'y'] }` as a list of tags. */
export function tagsOf(values: TagValues): Tag[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const list: readonly TagValue[] = Array.isArray(value) ? value : [value as TagValue];
    return list.map((each) =>
      typeof each === 'string' ? { name, value: each } : { name, value: each.exact, exact: true },
    );
  });
}
