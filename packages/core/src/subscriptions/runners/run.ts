import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '@nestjs/common';
import { EventLoopShare } from '../event-loop-share.js';
import type { Lease } from '../states/lease.js';
import type { Checkpoint } from './checkpoint.js';

/** One run of a subscription in this process, from the claim of its lease until the release. */
export class Run {
  readonly share = new EventLoopShare();
  /** The row of state names another owner. */
  isTakenOver = false;

  constructor(
    readonly logger: Logger,
    readonly checkpoint: Checkpoint,
    /** Aborted when the run is to end after the current batch. */
    readonly signal: AbortSignal,
    /** Logs and counts that failed work is retried. */
    readonly reportRetry: (error: unknown) => void,
  ) {}

  get lease(): Lease {
    return this.checkpoint.lease;
  }

  get isEnding(): boolean {
    return this.signal.aborted;
  }

  /** Waits for the given time, or until the run is to end. @param ms how long */
  async pause(ms: number): Promise<void> {
    try {
      await delay(ms, undefined, { signal: this.signal });
    } catch {
      // Aborted: the run is to end.
    }
  }
}
