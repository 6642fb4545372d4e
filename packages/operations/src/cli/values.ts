import { validate as isUuid } from 'uuid';
import { UsageError } from './usage.errors.js';

const WHOLE_NUMBER = /^\d{1,16}$/;
/** A date, or a date and a time with its zone, as in RFC 3339. */
const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/;
const DAY_LENGTH = 'yyyy-mm-dd'.length;

/** These functions read the text of an option or argument. They throw UsageError, which names it. */
type Reader<T> = (text: string) => T;

/** Reads a whole number from `min` to `max`, inclusive. */
export function wholeNumber(name: string, min: number, max = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (text) => {
    const number = WHOLE_NUMBER.test(text) ? Number(text) : Number.NaN;
    if (number >= min && number <= max) return number;
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    throw wrongValue(name, text, `a whole number ${range}`);
  };
}

/** A date alone means midnight, in UTC. */
export function time(name: string): Reader<Date> {
  return (text) => {
    const time = new Date(text);
    // `Date` would accept the 30th of February as the 2nd of March.
    if (TIME.test(text) && !Number.isNaN(time.getTime()) && isDay(text.slice(0, DAY_LENGTH))) return time;
    throw wrongValue(name, text, 'a time with its zone, such as 2026-01-31T12:00:00Z, or a day, such as 2026-01-31');
  };
}

/** Reads a position, or a time as `time` does. */
export function positionOrTime(name: string): Reader<number | Date> {
  return (text) => {
    if (WHOLE_NUMBER.test(text)) return Number(text);
    try {
      return time(name)(text);
    } catch {
      throw wrongValue(name, text, 'a position, or a time with its zone, such as 2026-01-31T12:00:00Z, or a day');
    }
  };
}

/**
 * Reads a UUID.
 * @param source the command that shows it, for the refusal
 */
export function uuid(name: string, source: string): Reader<string> {
  return (text) => {
    if (isUuid(text)) return text;
    throw wrongValue(name, text, `a UUID, as ${source} shows it`);
  };
}

/** Reads one of a fixed set of words. */
export function oneOf<T extends string>(name: string, values: readonly T[]): Reader<T> {
  return (text) => {
    const value = values.find((each) => each === text);
    if (value !== undefined) return value;
    throw wrongValue(name, text, `one of ${values.join(', ')}`);
  };
}

/** A text that is not empty and has no control characters. */
export function someText(name: string): Reader<string> {
  return (text) => {
    if (/^[^\p{Cc}]+$/u.test(text)) return text;
    throw wrongValue(name, text, 'a text');
  };
}

/** The error for a value: the option's name, the text that was typed, and what is accepted. */
export function wrongValue(name: string, text: string, wanted: string): UsageError {
  return new UsageError(`${name} is ${JSON.stringify(text.slice(0, 100))}: give ${wanted}.`);
}

function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}
