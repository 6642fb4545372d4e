import { performance } from 'node:perf_hooks';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { ParkedEvents } from './parked-events.js';

/** For a clock that is set a little, in ms. */
const MARGIN = 60_000;

/** What the process that runs a subscription knows of its parked events, so that it asks only when it has to. */
export class ParkedOutlook {
  private some = false;
  /** When the next one is due, by `performance.now()`; undefined when that has to be looked up. */
  private nextDue: number | undefined;

  constructor(
    private readonly parked: ParkedEvents,
    private readonly subscription: string,
    /** Between two attempts at one event, in ms. */
    private readonly longestPause: number,
  ) {}

  /** This process has parked something. */
  grown(): void {
    this.some = true;
    this.nextDue = undefined;
  }

  /** Others may have changed what is parked: an operator may have asked for a retry, or made room for those behind. */
  changed(): void {
    this.nextDue = undefined;
  }

  async lookUp(): Promise<void> {
    const { parked, ...next } = await this.parked.outlook(this.subscription);
    let { dueIn } = next;
    if (dueIn !== undefined && dueIn > this.longestPause + MARGIN) {
      // The database's clock was wrong when it was set.
      await this.parked.makeImpossibleTimesDue(this.subscription, this.longestPause + MARGIN);
      dueIn = 0;
    }
    this.some = parked > 0;
    this.nextDue = performance.now() + (dueIn ?? Infinity);
  }

  /** In ms; Infinity when nothing is parked, or all that is waits for an operator. */
  async nextIn(): Promise<number> {
    if (!this.some) return Infinity;
    if (this.nextDue === undefined) await this.lookUp();
    return Math.max((this.nextDue ?? 0) - performance.now(), 0);
  }

  /** Streams of these events that have a parked one. */
  async blocked(events: readonly RecordedEvent[]): Promise<Set<string>> {
    if (!this.some) return new Set();
    return this.parked.blocked(this.subscription, [...new Set(events.map(({ stream }) => stream))]);
  }
}
