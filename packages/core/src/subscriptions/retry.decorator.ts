import { SetupError } from '../errors.js';

/**
 * What happens to an event whose attempts are used up. An event is never skipped: only an operator does that.
 *
 * - `park`: it becomes a dead letter, and the later events of its stream wait behind it, while other streams go on. The
 *   default of side effects and sagas; a read model can't park.
 * - `restart`: the subscription stops before it, and starts again by itself after a growing pause. The default of read models.
 * - `stop`: the subscription stops before it until an operator resumes it, or a process of the application starts.
 *
 * `park` and `restart` also start a subscription again that stopped for another reason, such as a broken row of state.
 */
export type FailurePolicy = 'park' | 'restart' | 'stop';

/**
 * Options of `@Retry`. Defaults for a read model: 6 attempts with backoff from 50 ms to 5 s, because queries wait for
 * it. Defaults for side effects and sagas: 10 attempts with backoff from 1 s to 5 min.
 */
export interface RetryOptions {
  /** Attempts at one event in all, from 1 to 1,000,000. */
  readonly attempts?: number;
  /**
   * The pause after the first failure, and the longest pause, in ms, at most 366 days. It doubles in between, minus a
   * random part of up to a half.
   */
  readonly backoff?: { readonly first: number; readonly longest: number };
  /**
   * How often a process may crash while it handles the event, or be blocked for longer than its lease, from 1 to 1,000,000; 10
   * when left out.
   */
  readonly deaths?: number;
  /** What happens to an event whose attempts are used up; see `FailurePolicy`. */
  readonly policy?: FailurePolicy;
}

/** Number of crashes that make an event a poison event. */
export const DEFAULT_CRASH_LIMIT = 10;
/**
 * What side effects and sagas depend on may be away for minutes: external systems, or other parts of this application.
 */
export const PARKING_RETRY = {
  attempts: 10,
  backoff: { first: 1_000, longest: 5 * 60_000 },
  deaths: DEFAULT_CRASH_LIMIT,
  policy: 'park' as const,
};

/** Both databases can hold this, with room for additions. */
const MOST = 1_000_000;
const LONGEST = 366 * 24 * 60 * 60_000;

const retries = new WeakMap<object, RetryOptions>();

/**
 * Sets how often, and with which backoff, a failed event of a handler or a failed command of a saga is retried.
 * @throws SetupError when a number is out of its range
 */
export function Retry(options: RetryOptions): ClassDecorator {
  return (handlerClass) => {
    const { attempts = 1, deaths = 1, backoff, policy = 'park' } = options;
    const refuse = (sentence: string): never => {
      throw new SetupError(`@Retry on ${handlerClass.name}: ${sentence}`);
    };
    if (!isCount(attempts)) refuse('attempts must be a whole number from 1 to 1,000,000.');
    if (!isCount(deaths)) refuse('deaths must be a whole number from 1 to 1,000,000.');
    if (backoff && !(backoff.first >= 0 && backoff.longest >= backoff.first && backoff.longest <= LONGEST)) {
      refuse('backoff needs first and longest in ms, from 0 to 366 days, and longest at least as long as first.');
    }
    if (!['park', 'restart', 'stop'].includes(policy)) refuse(`policy must be 'park', 'restart' or 'stop'.`);
    retries.set(handlerClass, options);
  };
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MOST;
}

export function describeRetry(handlerClass: object): RetryOptions {
  return retries.get(handlerClass) ?? {};
}
