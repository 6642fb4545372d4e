import { type QuotedSource, withoutPersonalData } from '../../personal-data.js';

/** Why an event or a command failed, as it is stored. */
export interface Failure {
  readonly message: string;
  readonly stack: string | null;
}

/** Longest stored text, in characters. A message may quote all the data that failed; its beginning is enough. */
const LONGEST = 10_000;

/**
 * Describes any thrown value as text that both databases can hold: no NUL, no half of a surrogate pair, at most 10,000
 * characters each. Never throws, because a failure that can't be stored would block everything after it.
 * @param sources what was handled; what the error quotes from it is removed
 */
export function failureOf(thrown: unknown, ...sources: readonly QuotedSource[]): Failure {
  const { message, stack } = read(thrown);
  // Text beyond the limit is not searched.
  const storable = (text: string): string => shortened(withoutPersonalData(text.slice(0, 2 * LONGEST), ...sources));
  return {
    message: typeof message === 'string' ? storable(message) : 'What was thrown does not say why. Throw an Error.',
    stack: typeof stack === 'string' && stack !== '' ? storable(stack) : null,
  };
}

function read(thrown: unknown): { message: unknown; stack?: unknown } {
  try {
    if (thrown instanceof Error) return { message: thrown.message, stack: thrown.stack };
    return { message: String(thrown) };
  } catch {
    // A getter threw, or the object can't be converted to text: nothing is known of the error.
    return { message: undefined };
  }
}

function shortened(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return short.replaceAll('\0', '\uFFFD').replaceAll(/\p{Cs}/gu, '\uFFFD');
}
