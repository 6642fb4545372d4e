import type { LogSlice } from '../../event-log/event-log.js';
import type { Subscription } from '../subscription.js';
import { BatchSize, MOST_EVENTS } from './batch-size.js';
import { SuspectEvents } from './suspect-events.js';

/** Events that are delivered together. */
export interface Batch extends LogSlice {
  /** They are as many as were asked for, so more may follow. Not for an event that is delivered alone. */
  readonly isFull: boolean;
}

/** Divides the events of a subscription into batches. */
export class Batches {
  readonly size: BatchSize;
  readonly suspects = new SuspectEvents();

  constructor(kind: Subscription['kind']) {
    this.size = new BatchSize(MOST_EVENTS[kind]);
  }

  /** How many events to read after this position. */
  limitAfter(position: number): number {
    return this.suspects.mustBeAlone(position) ? 1 : this.size.next;
  }

  /** The first batch of a slice that was read after this position, with `limitAfter` as its limit. */
  firstOf(slice: LogSlice, after: number): Batch {
    const isFull = slice.events.length === this.limitAfter(after) && !this.suspects.mustBeAlone(after);
    this.size.learn(slice.events, isFull);
    const batch = this.suspects.togetherIn(slice);
    return { ...batch, isFull: isFull && batch.upTo === slice.upTo };
  }

  /** Called when a batch was handled up to this position. */
  handled({ events, upTo }: LogSlice, reached: number): void {
    if (reached < upTo) this.size.cutTo(reached, events);
  }
}
