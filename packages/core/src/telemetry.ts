import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';

/** `refused`: the stream or the condition was not as the caller expected. `failed`: any other error. */
export type AppendEnd = 'stored' | 'refused' | 'failed';

/** A finished append. */
export interface AnsweredAppend {
  readonly end: AppendEnd;
  /** From the call to its result, including the wait for its batch, in ms. */
  readonly took: number;
}

/** A committed transaction of the log. */
export interface CommittedBatch {
  readonly appends: number;
  /** Number of events stored. */
  readonly events: number;
  /** In ms. */
  readonly took: number;
}

/**
 * What is retried: an `event` that a handler failed on, a `command` of a saga, a `message` of a broker, or work that a
 * `database` did not do, mostly because it was away.
 */
export type Retried = 'event' | 'command' | 'message' | 'database';

/** Failed work that is retried. */
export interface RetriedWork {
  readonly subscription: string;
  readonly what: Retried;
}

/** Events that a decision depends on were stored in the meantime. */
export interface DecisionConflict {
  /** Category of the first aggregate, else the class of the first decision model, else `new`. */
  readonly category: string;
}

/**
 * Emits what the kernel does in this process, as it happens. It keeps nothing, and creates nothing without listeners. A
 * listener's error is logged and affects neither the work nor other listeners.
 */
@Injectable()
export class Telemetry {
  private readonly appends = new Subject<AnsweredAppend>();
  private readonly batches = new Subject<CommittedBatch>();
  private readonly retries = new Subject<RetriedWork>();
  private readonly conflicts = new Subject<DecisionConflict>();

  /** Finished appends. */
  readonly appends$: Observable<AnsweredAppend> = this.appends.asObservable();
  /** Committed transactions of the log. */
  readonly batches$: Observable<CommittedBatch> = this.batches.asObservable();
  /** Failures that are followed by a retry. */
  readonly retries$: Observable<RetriedWork> = this.retries.asObservable();
  /** Decisions that are repeated after a conflict. */
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
    if (this.retries.observed) this.retries.next({ subscription, what });
  }

  /** @internal */
  conflicted(category: string): void {
    if (this.conflicts.observed) this.conflicts.next({ category });
  }
}
