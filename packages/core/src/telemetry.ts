import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';

/** `refused`: the stream or the condition was not as the caller expected. `failed`: anything else that was thrown. */
export type AppendEnd = 'stored' | 'refused' | 'failed';

/** An append, however it was answered. */
export interface AnsweredAppend {
  readonly end: AppendEnd;
  /** From the call to its answer, waiting for its batch included, in ms. */
  readonly took: number;
}

/** One transaction that the log has committed. */
export interface CommittedBatch {
  readonly appends: number;
  /** Events that were stored. */
  readonly events: number;
  /** In ms. */
  readonly took: number;
}

/**
 * What is tried again: an `event` that a handler failed at, a `command` of a saga, or work that a `database` did not do,
 * mostly because it was away.
 */
export type Retried = 'event' | 'command' | 'database';

/** Work that failed, and is tried again. */
export interface Retrial {
  readonly subscription: string;
  readonly what: Retried;
}

/** A decision on an aggregate met events that had come in between. */
export interface DecisionConflict {
  /** Of the aggregate's streams. */
  readonly category: string;
}

/**
 * Tells of the kernel's own work in this process as it happens. Nothing is kept, and nothing is made while nobody listens.
 * What a listener throws is logged, and reaches neither the work that it was told of nor other listeners.
 */
@Injectable()
export class Telemetry {
  private readonly appends = new Subject<AnsweredAppend>();
  private readonly batches = new Subject<CommittedBatch>();
  private readonly retrials = new Subject<Retrial>();
  private readonly conflicts = new Subject<DecisionConflict>();

  /** Appends, as they are answered. */
  readonly appends$: Observable<AnsweredAppend> = this.appends.asObservable();
  /** Transactions of the log, as they are committed. */
  readonly batches$: Observable<CommittedBatch> = this.batches.asObservable();
  /** Failures that are followed by another attempt. */
  readonly retrials$: Observable<Retrial> = this.retrials.asObservable();
  /** Decisions that are taken again. */
  readonly conflicts$: Observable<DecisionConflict> = this.conflicts.asObservable();

  /** @internal */
  appended(end: AppendEnd, took: number): void {
    if (this.appends.observed) this.appends.next({ end, took });
  }

  /** @internal */
  committed(appends: number, events: number, took: number): void {
    if (this.batches.observed) this.batches.next({ appends, events, took });
  }

  /** @internal */
  retried(subscription: string, what: Retried): void {
    if (this.retrials.observed) this.retrials.next({ subscription, what });
  }

  /** @internal */
  conflicted(category: string): void {
    if (this.conflicts.observed) this.conflicts.next({ category });
  }
}
