import { type QuotedSource, withoutPersonalData } from '../../personal-data.js';

/** Why an event or a command failed, as it is stored. */
export interface Failure {
  readonly message: string;
  readonly stack: string | null;
}

/** A message may quote the whole of what failed; its beginning says enough. In characters. */
const LONGEST = 10_000;

/**
 * What any thrown value says of itself, as text that both databases can hold: no NUL, no half of a surrogate pair, at most
 * 10,000 characters each. Never throws: a failure that can't be noted would stop everything that comes after it.
 * @param sources what was handled: what the error repeats of it is cut out
 */
export function failureOf(thrown: unknown, ...sources: readonly QuotedSource[]): Failure {
  const { message, stack } = read(thrown);
  // What lies beyond is not looked through.
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
    // A getter that throws, or an object that can't become text: then nothing is known of it.
    return { message: undefined };
  }
}

function shortened(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return short.replaceAll('\0', '\uFFFD').replaceAll(/\p{Cs}/gu, '\uFFFD');
}
