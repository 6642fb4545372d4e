import type { TaggedEvents } from './event-log.js';
import type { RecordedEvent } from './recorded-event.js';

/** The matching events of a range, in the order of the read. */
export interface TaggedPage {
  readonly events: readonly RecordedEvent[];
  /** No event of the range is left. */
  readonly isLast: boolean;
}

/** Which events to read: positions after `after` up to and including `upTo`. */
export interface TaggedRange {
  readonly after: number;
  readonly upTo: number;
  readonly backwards: boolean;
  readonly limit: number;
}

/** Reads the events of a query page by page, and tracks how far the log was searched. */
export class TaggedRead implements TaggedEvents {
  searchedTo = 0;

  /** @param start called when the read begins: the range, and the first events of a range, or its last if backwards */
  constructor(
    private readonly start: () => Promise<{ range: TaggedRange; page: (range: TaggedRange) => Promise<TaggedPage> }>,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordedEvent> {
    const { range, page } = await this.start();
    const { backwards } = range;
    let { after, upTo, limit: left } = range;
    this.searchedTo = backwards ? upTo : after;
    while (left > 0 && after < upTo) {
      const { events, isLast } = await page({ after, upTo, backwards, limit: left });
      for (const event of events) {
        this.searchedTo = event.position;
        if (backwards) upTo = event.position - 1;
        else after = event.position;
        left -= 1;
        yield event;
      }
      if (isLast) break;
    }
    if (left === 0) return;
    this.searchedTo = backwards ? Math.min(range.after + 1, range.upTo) : Math.max(range.after, range.upTo);
  }
}
