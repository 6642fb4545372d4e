const DIGITS = /^\d{1,16}$/;

/** A query parameter that stands for a whole number; anything else is left as it is, for the rules that follow to refuse. */
export function wholeNumber(value: unknown): unknown {
  return typeof value === 'string' && DIGITS.test(value) ? Number(value) : value;
}
