import { performance } from 'node:perf_hooks';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { Lease } from '../states/lease.js';
import type { ParkedEvents } from './parked-events.js';

/** Tolerance for small clock corrections, in ms. */
const MARGIN = 60_000;

/**
 * Caches when a subscription's next parked event is due, so that its owner queries the database only when necessary.
 */
export class ParkedSchedule {
  private hasParked = false;
  /** When the next one is due, by `performance.now()`; undefined if it must be queried. */
  private nextDue: number | undefined;

  constructor(
    private readonly parked: ParkedEvents,
    private readonly lease: Lease,
    /** Longest backoff between two attempts at one event, in ms. */
    private readonly longestPause: number,
  ) {}

  /** This process has parked an event. */
  eventsParked(): void {
    this.hasParked = true;
    this.nextDue = undefined;
  }

  /** Another process may have changed parked events: an operator may have requested a retry or discarded one. */
  changed(): void {
    this.nextDue = undefined;
  }

  async refresh(): Promise<void> {
    const { some, ...next } = await this.parked.nextDue(this.lease);
    let { dueIn } = next;
    if (dueIn !== undefined && dueIn > this.longestPause + MARGIN) {
      // The database's clock was wrong when the due time was set.
      await this.parked.makeImpossibleTimesDue(this.lease.name, this.longestPause + MARGIN);
      dueIn = 0;
    }
    this.hasParked = some;
    this.nextDue = performance.now() + (dueIn ?? Infinity);
  }

  /** In ms; Infinity when no event is parked, or all are dead or wait behind a dead one. */
  async nextDueIn(): Promise<number> {
    if (!this.hasParked) return Infinity;
    if (this.nextDue === undefined) await this.refresh();
    return Math.max((this.nextDue ?? 0) - performance.now(), 0);
  }

  /** Streams of these events that have a parked event. */
  async blocked(events: readonly RecordedEvent[]): Promise<Set<string>> {
    if (!this.hasParked) return new Set();
    return this.parked.blocked(this.lease.name, [...new Set(events.map(({ stream }) => stream))]);
  }
}
