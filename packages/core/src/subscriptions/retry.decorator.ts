import { SetupError } from '../errors.js';

/**
 * What `@Retry` says of a handler or saga. What is left out is, for a read model, 6 attempts after pauses of 50 ms to 5 s,
 * because readers wait for it; for side effects and sagas 10 attempts after pauses of 1 s to 5 min.
 */
export interface RetryOptions {
  /** How often an event is tried in all before the handler is given up, from 1 to 1,000,000. */
  readonly attempts?: number;
  /** The pause after the first failure and the longest one, in ms, at most 366 days. It doubles in between, and is shortened by up to a half at random. */
  readonly backoff?: { readonly first: number; readonly longest: number };
  /** How often a process may die while it handles the event, from 1 to 1,000,000; 10 when left out. */
  readonly deaths?: number;
}

/** How many crashes make an event a poison event. */
export const CRASHES_OF_POISON = 10;
/** What side effects and sagas need is away for minutes at times: the world outside, or another part of this application. */
export const PARKING_RETRY = {
  attempts: 10,
  backoff: { first: 1_000, longest: 5 * 60_000 },
  deaths: CRASHES_OF_POISON,
};

/** Both databases hold them, with room for what is added. */
const MOST = 1_000_000;
const LONGEST = 366 * 24 * 60 * 60_000;

const retries = new WeakMap<object, RetryOptions>();

/**
 * How often, and after which pauses, a handler gets an event again that it failed on, or a saga's command is tried again.
 * @throws SetupError when a number is out of its range
 */
export function Retry(options: RetryOptions): ClassDecorator {
  return (handlerClass) => {
    const { attempts = 1, deaths = 1, backoff } = options;
    const refuse = (sentence: string): never => {
      throw new SetupError(`@Retry on ${handlerClass.name}: ${sentence}`);
    };
    if (!isCount(attempts)) refuse('attempts must be a whole number from 1 to 1,000,000.');
    if (!isCount(deaths)) refuse('deaths must be a whole number from 1 to 1,000,000.');
    if (backoff && !(backoff.first >= 0 && backoff.longest >= backoff.first && backoff.longest <= LONGEST)) {
      refuse('backoff needs first and longest in ms, from 0 to 366 days, and longest at least as long as first.');
    }
    retries.set(handlerClass, options);
  };
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MOST;
}

export function describeRetry(handlerClass: object): RetryOptions {
  return retries.get(handlerClass) ?? {};
}
