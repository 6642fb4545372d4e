import { type DeadLetterCount, DeadLetters, EventLog, Subscriptions, type SubscriptionStatus } from '@leftfold/core';
import { Injectable, Logger } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { withTimeout } from '../health/with-timeout.js';
import { KernelMetrics } from './kernel-metrics.js';
import { SubscriptionMetrics } from './subscription-metrics.js';

/** In ms. Prometheus itself waits for 10 s, and an answer without these gauges is better than none. */
const LONGEST_READ = 3_000;

/** Reads the databases at a scrape, with eight short statements. A value that can't be read has no series. */
@Injectable()
export class StateMetrics {
  private readonly logger = new Logger('Metrics');
  private readonly position: Gauge;
  private readonly letters: Gauge<'subscription' | 'kind'>;
  private readonly errors: Gauge<'part'>;

  constructor(
    private readonly log: EventLog,
    private readonly subscriptions: Subscriptions,
    private readonly deadLetters: DeadLetters,
    private readonly subscriptionMetrics: SubscriptionMetrics,
    private readonly kernelMetrics: KernelMetrics,
    registry: Registry,
  ) {
    const registers = [registry];
    this.position = new Gauge({
      name: 'leftfold_log_position',
      help: 'Position of the last event. The same on every node.',
      registers,
    });
    this.letters = new Gauge({
      name: 'leftfold_dead_letters',
      help: 'Events, commands and messages that failed for good and wait for an operator. The same on every node.',
      labelNames: ['subscription', 'kind'],
      registers,
    });
    this.errors = new Gauge({
      name: 'leftfold_last_scrape_error',
      help: 'Is 1 if a part of the state could not be read for this scrape, so its metrics are missing; otherwise 0.',
      labelNames: ['part'],
      registers,
    });
  }

  async refresh(): Promise<void> {
    const [position, statuses, letters] = await Promise.all([
      this.read('log', () => this.log.head()),
      this.read('subscriptions', () => this.subscriptions.list()),
      this.read('dead-letters', () => this.deadLetters.count()),
    ]);
    if (position === undefined) this.position.remove();
    else this.position.set(position);
    this.subscriptionMetrics.show(statuses);
    this.kernelMetrics.expectRetriesOf(statuses ?? []);
    this.showLetters(letters, statuses ?? []);
  }

  private async read<T>(part: string, ask: () => Promise<T>): Promise<T | undefined> {
    try {
      const answer = await withTimeout(LONGEST_READ, ask());
      this.errors.set({ part }, 0);
      return answer;
    } catch (error) {
      this.errors.set({ part }, 1);
      this.logger.warn({ err: error });
      return undefined;
    }
  }

  private showLetters(letters: readonly DeadLetterCount[] | undefined, statuses: readonly SubscriptionStatus[]): void {
    this.letters.reset();
    if (!letters) return;
    for (const { name: subscription, kind } of statuses) {
      if (kind !== 'read-model') this.letters.set({ subscription, kind: 'event' }, 0);
      if (kind === 'saga') this.letters.set({ subscription, kind: 'command' }, 0);
    }
    for (const { subscription, kind, count } of letters) this.letters.set({ subscription, kind }, count);
  }
}
