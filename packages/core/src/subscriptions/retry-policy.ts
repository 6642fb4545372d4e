import { isDatabaseAway } from '../event-log/database-away.js';
import type { RetryOptions } from './retry.decorator.js';

/** Backoff while a database is away, in ms. */
export const AWAY = { first: 50, longest: 5_000 };

/**
 * Exponential backoff with jitter: doubles with every failure from `first` to `longest`, minus a random part of up to a
 * half, so that subscriptions that failed together don't retry together. In ms.
 */
export function pauseAfter(failures: number, { first, longest }: Required<RetryOptions>['backoff']): number {
  return Math.min(first * 2 ** (failures - 1), longest) * (0.5 + Math.random() / 2);
}

/**
 * Decides what to do after a failure of work that was rolled back. A database that is away is retried without limit. A
 * handler gets a limited number of attempts for one event.
 */
export class RetryPolicy {
  private failures = 0;
  private absences = 0;
  /** Position of the event that failed last. */
  private at = 0;

  constructor(private readonly options: Required<RetryOptions>) {}

  /** How long to wait before the next attempt, in ms. */
  get pause(): number {
    if (this.absences > 0) return pauseAfter(this.absences, AWAY);
    return pauseAfter(this.failures, this.options.backoff);
  }

  /** @param position of the event that failed */
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

  /** All events up to this position are done. */
  succeeded(position: number): void {
    this.absences = 0;
    if (position >= this.at) this.failures = 0;
  }
}
