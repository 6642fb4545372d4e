import { createHmac } from 'node:crypto';

/** A value that connects events across streams: `{ name: 'email', value: 'ann@example.com' }`. */
export interface Tag {
  readonly name: string;
  readonly value: string;
}

/**
 * Matches events that have at least one of `tags` and, if `types` is given, one of these stored types. Values are
 * compared ignoring case, surrounding space and Unicode form.
 */
export interface TagQuery {
  readonly tags: readonly Tag[];
  readonly types?: readonly string[];
}

/** Two spellings of one value (case, width, composed or decomposed letters) become the same tag. */
export function normaliseTagValue(value: string): string {
  return value.normalize('NFKC').trim().toLowerCase().normalize('NFKC');
}

/** The stored form of a tag: HMAC-SHA-256 with the log's own key, so that values can't be read from the table. */
export function sealTag(key: Buffer, tag: Tag): string {
  return createHmac('sha256', key)
    .update(`${tag.name}\0${normaliseTagValue(tag.value)}`)
    .digest('base64url');
}

/** `{ email: 'a@b.c', username: ['x', 'y'] }` as a list of tags. `undefined` values are left out. */
export function tagsOf(values: Readonly<Record<string, string | readonly string[] | undefined>>): Tag[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined) return [];
    return (typeof value === 'string' ? [value] : value).map((each) => ({ name, value: each }));
  });
}
