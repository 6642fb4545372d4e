import { isDatabaseAway } from '../event-log/database-away.js';

const ATTEMPTS = 6;
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 5_000;

/**
 * Decides what follows a failure: a database that is away is waited for without end; a handler that fails gets a
 * bounded number of tries, with exponentially growing pauses and jitter.
 */
export class RetryPolicy {
  private failures = 0;
  private absences = 0;

  /** How long to wait before the next try, in ms. */
  get pause(): number {
    const tries = Math.max(this.failures, this.absences);
    const longest = Math.min(FIRST_PAUSE * 2 ** tries, LONGEST_PAUSE);
    return longest * (0.5 + Math.random() / 2);
  }

  after(error: unknown): 'again' | 'stop' {
    if (isDatabaseAway(error)) {
      this.absences += 1;
      return 'again';
    }
    this.failures += 1;
    return this.failures < ATTEMPTS ? 'again' : 'stop';
  }

  succeeded(): void {
    this.failures = 0;
    this.absences = 0;
  }
}
