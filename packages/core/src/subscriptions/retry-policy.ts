import { isDatabaseAway } from '../event-log/database-away.js';
import { DependencyAwayError } from './dependency-away.error.js';
import type { RetryOptions } from './retry.decorator.js';

/** Backoff while a database is away, in ms. */
export const DATABASE_AWAY_BACKOFF = { first: 50, longest: 5_000 };

/**
 * Exponential backoff with jitter: doubles with every failure from `first` to `longest`, minus a random part of up to a
 * half, so that subscriptions that failed together don't retry together. In ms.
 */
export function pauseAfter(failures: number, { first, longest }: Required<RetryOptions>['backoff']): number {
  return Math.min(first * 2 ** (failures - 1), longest) * (0.5 + Math.random() / 2);
}

/**
 * Decides what to do after a failure of work that was rolled back. A database that is away is retried without limit, and
 * so is what a side effect depends on. A handler gets a limited number of attempts for one event.
 */
export class RetryPolicy {
  private failures = 0;
  private failuresOfDatabase = 0;
  private failuresOfDependency = 0;
  /** Position of the event that failed last. */
  private failedPosition = 0;

  /** @param isRestarted whether it stopped after an error and has made no progress since: then it gets one attempt */
  constructor(
    private readonly options: Required<RetryOptions>,
    private isRestarted = false,
  ) {}

  /** How long to wait before the next attempt, in ms. */
  get pause(): number {
    if (this.failuresOfDatabase > 0) return pauseAfter(this.failuresOfDatabase, DATABASE_AWAY_BACKOFF);
    return pauseAfter(this.failuresOfDependency || this.failures, this.options.backoff);
  }

  /** @param position of the event that failed */
  afterFailure(error: unknown, position: number): 'retry' | 'stop' {
    if (isDatabaseAway(error)) {
      this.failuresOfDatabase += 1;
      return 'retry';
    }
    this.failuresOfDatabase = 0;
    if (error instanceof DependencyAwayError) {
      this.failuresOfDependency += 1;
      return 'retry';
    }
    this.failuresOfDependency = 0;
    this.failures = position === this.failedPosition ? this.failures + 1 : 1;
    this.failedPosition = position;
    return this.failures < (this.isRestarted ? 1 : this.options.attempts) ? 'retry' : 'stop';
  }

  /** All events up to this position are done. */
  succeeded(position: number): void {
    this.isRestarted = false;
    this.failuresOfDatabase = 0;
    this.failuresOfDependency = 0;
    if (position >= this.failedPosition) this.failures = 0;
  }
}
