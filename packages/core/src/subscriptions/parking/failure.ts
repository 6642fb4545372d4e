import { type QuotedSource, withoutPersonalData } from '../../personal-data.js';

/** Why an event or a command failed, as it is stored. */
export interface Failure {
  readonly message: string;
  readonly stack: string | null;
}

/** Longest stored text, in characters. A message may quote all the data that failed; its beginning is enough. */
const LONGEST = 10_000;
/** Deeper causes are left out. */
const DEEPEST_CAUSE = 3;
/** The most errors of an AggregateError that are quoted. */
const MOST_ERRORS = 3;

/** An error whose message tells its cause already, without personal data. */
export abstract class FailureOfCause extends Error {}

/**
 * Describes any thrown value as text that both databases can hold: no NUL, no half of a surrogate pair, at most 10,000
 * characters each. The message has those of its causes, such as why `fetch` failed. Never throws, because a failure that can't be stored would block everything after it.
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

function read(thrown: unknown, tellsCauses = true): { message: unknown; stack?: unknown } {
  try {
    if (!(thrown instanceof Error)) return { message: String(thrown) };
    const message: unknown = thrown.message === '' ? withoutMessage(thrown) : thrown.message;
    const whole = tellsCauses && typeof message === 'string' ? withCauses(message, thrown) : message;
    return { message: whole, stack: thrown.stack };
  } catch {
    // A getter threw, or the object can't be converted to text: nothing is known of the error.
    return { message: undefined };
  }
}

/** Causes often repeat each other. Only what is new is added. */
function withCauses(message: string, error: Error): string {
  const told = [message];
  let each = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && !(each instanceof FailureOfCause); depth++) {
    if (!(each.cause instanceof Error)) break;
    each = each.cause;
    const { message: why } = read(each, false);
    if (typeof why === 'string' && !told.some((text) => text.includes(why))) told.push(why);
  }
  return told.length === 1 ? message : `${message} (cause: ${told.slice(1).join(': ')})`;
}

/** Node's network errors have no message when several addresses were tried. */
function withoutMessage(error: Error): string {
  const { errors, code } = error as { errors?: unknown; code?: unknown };
  const messages = Array.isArray(errors) ? errors.map((each) => String((each as Error | null)?.message ?? each)) : [];
  const several = [...new Set(messages)].slice(0, MOST_ERRORS).join('; ');
  return several || (typeof code === 'string' && code) || error.name;
}

function shortened(text: string): string {
  const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return short.replaceAll('\0', '\uFFFD').replaceAll(/\p{Cs}/gu, '\uFFFD');
}
