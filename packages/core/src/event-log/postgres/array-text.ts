const ESCAPED = /["\\]/g;

/**
 * The text of an array of numbers or UUIDs for PostgreSQL. pg makes such texts, too, but looks at each value for its kind,
 * and quotes and escapes it.
 */
export function arrayText(values: readonly (number | string | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** The text of an array of any strings for PostgreSQL. */
export function quotedArrayText(values: readonly (string | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : `"${value.replace(ESCAPED, '\\$&')}"`)).join(',')}}`;
}
