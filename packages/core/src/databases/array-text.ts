const SPECIAL = /["\\]/;
const EACH_SPECIAL = /["\\]/g;

/**
 * The text of an array of numbers or UUIDs for PostgreSQL. pg makes such texts, too, but looks at each value for its kind,
 * and quotes and escapes it.
 */
export function arrayText(values: readonly (number | string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** The text of an array of any strings for PostgreSQL. Most are short, and have nothing to escape. */
export function quotedArrayText(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : `"${escaped(value)}"`)).join(',')}}`;
}

/**
 * The text of an array of JSON documents for PostgreSQL. A document of `JSON.stringify` has no control character and no
 * lone surrogate, so the only characters that `JSON.stringify` escapes in it are the two that an array escapes, and in the
 * same way. It is four times as fast as to replace them.
 */
export function documentArrayText(documents: readonly (string | null)[]): string {
  return `{${JSON.stringify(documents).slice(1, -1)}}`;
}

/**
 * The values as a parameter of an array type: as a text, or as they are, for pg to convert, when there is one that is no text,
 * number or boolean.
 */
export function arrayParameter(values: readonly unknown[]): unknown {
  const texts: string[] = [];
  for (const value of values) {
    const text = elementText(value);
    if (text === undefined) return values;
    texts.push(text);
  }
  return `{${texts.join(',')}}`;
}

function elementText(value: unknown): string | undefined {
  if (typeof value === 'string') return `"${escaped(value)}"`;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return value === null || value === undefined ? 'NULL' : undefined;
}

function escaped(value: string): string {
  return SPECIAL.test(value) ? value.replace(EACH_SPECIAL, '\\$&') : value;
}
