const DIGITS = /^\d{1,16}$/;

/** Converts a query parameter to a whole number. Any other value stays as it is, so that the validation after it refuses it. */
export function wholeNumber(value: unknown): unknown {
  return typeof value === 'string' && DIGITS.test(value) ? Number(value) : value;
}
