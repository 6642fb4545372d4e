import { type SubscriptionStatus, Telemetry } from '@leftfold/core';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Counter, exponentialBuckets, Histogram, Registry } from 'prom-client';
import { Subscription as RxSubscription } from 'rxjs';

const SECOND = 1_000;
/** In seconds. */
const DURATIONS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Most appends in a batch. */
const SIZES = exponentialBuckets(1, 2, 10);

/** Counts what the kernel does in this process, since the start. */
@Injectable()
export class KernelMetrics implements OnModuleInit, OnApplicationShutdown {
  private readonly appendDuration: Histogram<'outcome'>;
  private readonly batchAppends: Histogram;
  private readonly batchEvents: Histogram;
  private readonly batchDuration: Histogram;
  private readonly retries: Counter<'subscription' | 'what'>;
  private readonly conflicts: Counter<'category'>;
  private readonly listening = new RxSubscription();

  constructor(
    private readonly telemetry: Telemetry,
    registry: Registry,
  ) {
    const registers = [registry];
    this.appendDuration = new Histogram({
      name: 'leftfold_append_duration_seconds',
      help: 'Time from the call of an append to its result, by outcome. Refused: a stream or condition was not as expected.',
      labelNames: ['outcome'],
      buckets: DURATIONS,
      registers,
    });
    for (const outcome of ['stored', 'refused', 'failed']) this.appendDuration.zero({ outcome });
    this.batchAppends = new Histogram({
      name: 'leftfold_append_batch_appends',
      help: 'Appends in one transaction. Large batches mean that many appends wait at once.',
      buckets: SIZES,
      registers,
    });
    this.batchEvents = new Histogram({
      name: 'leftfold_append_batch_events',
      help: 'Events in one transaction. The sum is the number of events that this process has stored.',
      buckets: SIZES,
      registers,
    });
    this.batchDuration = new Histogram({
      name: 'leftfold_append_batch_duration_seconds',
      help: 'Duration of one transaction of appends.',
      buckets: DURATIONS,
      registers,
    });
    this.retries = new Counter({
      name: 'leftfold_retries_total',
      help: 'Failures that are retried: of an event, of a command of a saga, or of a database.',
      labelNames: ['subscription', 'what'],
      registers,
    });
    this.conflicts = new Counter({
      name: 'leftfold_decision_conflicts_total',
      help: 'Optimistic concurrency conflicts of decisions, by category of the first aggregate or class of the first decision model. The decision is repeated.',
      labelNames: ['category'],
      registers,
    });
  }

  onModuleInit(): void {
    const { appends$, batches$, retries$, conflicts$ } = this.telemetry;
    this.listening.add(
      appends$.subscribe(({ end, took }) => this.appendDuration.observe({ outcome: end }, took / SECOND)),
    );
    this.listening.add(
      batches$.subscribe(({ appends, events, took }) => {
        this.batchAppends.observe(appends);
        this.batchEvents.observe(events);
        this.batchDuration.observe(took / SECOND);
      }),
    );
    this.listening.add(retries$.subscribe(({ subscription, what }) => this.retries.inc({ subscription, what })));
    this.listening.add(conflicts$.subscribe(({ category }) => this.conflicts.inc({ category })));
  }

  onApplicationShutdown(): void {
    this.listening.unsubscribe();
  }

  /** Shows zeros for subscriptions without a retry, so that the first retry shows as a rise. */
  expectRetriesOf(subscriptions: readonly SubscriptionStatus[]): void {
    for (const { name: subscription, kind } of subscriptions) {
      for (const what of kind === 'saga' ? ['event', 'database', 'command'] : ['event', 'database']) {
        this.retries.inc({ subscription, what }, 0);
      }
    }
  }
}
