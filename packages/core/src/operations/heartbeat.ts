import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import { messageOf } from '../subscriptions/runners/handler-failure.js';
import type { SubscriptionRunner } from '../subscriptions/runners/subscription-runner.js';
import type { StatesByKind } from '../subscriptions/states/states-by-kind.js';

/** Renews leases and claims while work is in progress. */
export class Heartbeat {
  private readonly logger = new Logger(Heartbeat.name);

  constructor(
    private readonly states: StatesByKind,
    /** In ms. */
    private readonly leaseTtl: number,
  ) {}

  /** Renews the lease of a runner while `work` runs. */
  ofRunner<T>(runner: SubscriptionRunner, work: () => Promise<T>): Promise<T> {
    const { name, kind } = runner.subscription;
    return this.during(work, this.leaseTtl / 3, async () => {
      const askedAt = performance.now();
      for (const row of await this.states[kind].renew()) if (row.name === name) runner.rowChanged(row, askedAt);
    });
  }

  /** @param interval between two renewals, in ms */
  async during<T>(work: () => Promise<T>, interval: number, renew: () => Promise<void>): Promise<T> {
    const timer = setInterval(() => void this.attempt(renew()), interval);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  /**
   * A failed renewal is made up for by the next one. If all fail, the next owner's epoch blocks the writes of this
   * process.
   */
  private async attempt(renewal: Promise<void>): Promise<void> {
    try {
      await renewal;
    } catch (error) {
      this.logger.warn(`The lease could not be renewed: ${messageOf(error)}`);
    }
  }
}
