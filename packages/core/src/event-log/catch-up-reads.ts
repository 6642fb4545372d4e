import type { LogSlice, ReadAllOptions } from './event-log.js';
import type { PositionRange } from './log-queries.js';
import type { LookUp } from './look-up.js';
import type { OpenedEvents } from './opened-events.js';
import type { RecordedEvent } from './recorded-event.js';

/** The fewest events of a slice for which this is worth it: a subscription that catches up asks for as many. */
const LEAST = 500;
/** Types are dense if a slice of them is found among at most this many times as many events. */
const SPAN = 2;
/** The most lists of types that are remembered as dense. */
const REMEMBERED = 100;

/**
 * Reads full slices far from the head of the log. A full slice is right whatever the head is, so the head need not be read
 * first. Where most events have the types that are asked for, all events are read in order and filtered here: that costs less
 * than an index.
 */
export class CatchUpReads {
  /** Lists of types that were dense when they were read last. */
  private readonly dense = new Set<string>();

  constructor(
    private readonly lookUp: LookUp,
    private readonly opened: OpenedEvents,
  ) {}

  /**
   * @param head about where the log ends
   * @returns undefined when there may be no full slice, or the filter has other criteria than types and partitions
   */
  async fullSlice({ after, limit, upTo, ...filter }: ReadAllOptions, head: number): Promise<LogSlice | undefined> {
    const { types, partitions, ...others } = filter;
    const range = { after, upTo: Math.min(upTo ?? Infinity, head) };
    if (!types || limit < LEAST || range.upTo - after < limit) return undefined;
    if (Object.values(others).some((criterion) => criterion !== undefined)) return undefined;
    const key = types.join('\n');
    const isDense = !partitions && this.dense.has(key);
    const events =
      (isDense && (await this.scanned(range, types, limit))) || (await this.lookUp.find(range, filter, limit));
    if (events.length < limit) return undefined;
    const last = events.at(-1)!.position;
    if (!partitions) this.learn(key, last - after <= SPAN * limit);
    return { events: await this.opened.of(events), upTo: last };
  }

  /** Returns undefined when the types are not dense here. */
  private async scanned(
    { after, upTo }: PositionRange,
    types: readonly string[],
    limit: number,
  ): Promise<RecordedEvent[] | undefined> {
    const wanted = new Set(types);
    let found: RecordedEvent[] = [];
    for (let from = after; from < after + SPAN * limit; from += limit) {
      const events = await this.lookUp.find({ after: from, upTo: Math.min(upTo, from + limit) }, {}, limit);
      const matching = events.filter(({ type }) => wanted.has(type));
      found = found.length === 0 ? matching : [...found, ...matching];
      if (found.length >= limit) return found.slice(0, limit);
    }
    return undefined;
  }

  private learn(key: string, isDense: boolean): void {
    this.dense.delete(key);
    if (!isDense) return;
    if (this.dense.size >= REMEMBERED) this.dense.clear();
    this.dense.add(key);
  }
}
