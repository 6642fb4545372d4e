import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import { messageOf } from '../subscriptions/runners/handler-failure.js';
import type { SubscriptionRunner } from '../subscriptions/runners/subscription-runner.js';
import type { StatesByKind } from '../subscriptions/states/states-by-kind.js';

/** Renews leases and claims while a piece of work goes on. */
export class Heartbeat {
  private readonly logger = new Logger(Heartbeat.name);

  constructor(
    private readonly states: StatesByKind,
    /** In ms. */
    private readonly leaseTtl: number,
  ) {}

  /** Keeps the lease of a runner alive. */
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

  /** The next renewal makes up for one that fails. If none succeeds, the next owner fences this process off. */
  private async attempt(renewal: Promise<void>): Promise<void> {
    try {
      await renewal;
    } catch (error) {
      this.logger.warn(`The lease could not be renewed: ${messageOf(error)}`);
    }
  }
}
