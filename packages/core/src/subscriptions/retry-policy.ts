import { isDatabaseAway } from '../event-log/database-away.js';
import type { RetryOptions } from './retry.decorator.js';

/** Pauses while a database is away, in ms. */
export const AWAY = { first: 50, longest: 5_000 };

/**
 * Exponential backoff with jitter: doubles with every failure from `first` to `longest`, and is shortened by up to a half
 * at random, so that many who failed together don't come back together. In ms.
 */
export function pauseAfter(failures: number, { first, longest }: Required<RetryOptions>['backoff']): number {
  return Math.min(first * 2 ** (failures - 1), longest) * (0.5 + Math.random() / 2);
}

/**
 * Decides what follows a failure of work that is taken back and tried again: a database that is away is waited for
 * without end; a handler gets a bounded number of tries for one event.
 */
export class RetryPolicy {
  private failures = 0;
  private absences = 0;
  /** The event that failed last. */
  private at = 0;

  constructor(private readonly options: Required<RetryOptions>) {}

  /** How long to wait before the next try, in ms. */
  get pause(): number {
    if (this.absences > 0) return pauseAfter(this.absences, AWAY);
    return pauseAfter(this.failures, this.options.backoff);
  }

  /** @param position where the event stands that failed */
  after(error: unknown, position: number): 'again' | 'stop' {
    if (isDatabaseAway(error)) {
      this.absences += 1;
      return 'again';
    }
    this.absences = 0;
    this.failures = position === this.at ? this.failures + 1 : 1;
    this.at = position;
    return this.failures < this.options.attempts ? 'again' : 'stop';
  }

  /** Everything up to this position is done. */
  succeeded(position: number): void {
    this.absences = 0;
    if (position >= this.at) this.failures = 0;
  }
}
