import { checkReadAll, checkReadBackwards, checkTime } from './checks/check-read.js';
import { CatchUpReads } from './catch-up-reads.js';
import type { EventFilter } from './event-filter.js';
import type { BackwardsSlice, LogFrontier, LogSlice, ReadAllOptions, ReadBackwardsOptions } from './event-log.js';
import type { LogQueries, PositionRange } from './log-queries.js';
import { LookUp, POSITION_AT } from './look-up.js';
import type { RecentPostings } from './look-ups/recent-postings.js';
import type { OpenedEvents } from './opened-events.js';

const HEAD = 'select position from leftfold_events order by position desc limit 1';

const FRONTIER = `select (${HEAD}) as position, (select max(tags_generation) from leftfold_event_log) as generation`;

/** Reads of the whole log, by position, and of how far it goes. */
export class WholeLogReads {
  private readonly lookUp: LookUp;
  private readonly catchUp: CatchUpReads;
  /** The highest position that was read as the head. */
  private knownHead = 0;
  /** A look at the head that has not begun, so that it sees what was committed before it is asked for. */
  private nextHead: Promise<number> | undefined;

  constructor(
    private readonly queries: LogQueries,
    private readonly opened: OpenedEvents,
    recent: RecentPostings,
  ) {
    this.lookUp = new LookUp(queries, recent);
    this.catchUp = new CatchUpReads(this.lookUp, opened);
  }

  async forwards(options: ReadAllOptions): Promise<LogSlice> {
    checkReadAll(options);
    const { upTo, ...rest } = options;
    if (isUnfiltered(rest)) return this.each(rest, upTo);
    const full = await this.catchUp.fullSlice(options, this.knownHead);
    if (full) return full;
    // Read before the events. What is committed between the two reads is beyond this position and belongs to the next
    // slice.
    const head = await this.head();
    return this.matching(rest, Math.min(upTo ?? Infinity, head));
  }

  /** Positions have no holes, so the last event tells how far all of them were read. */
  private async each({ after, limit }: ReadAllOptions, upTo = Number.MAX_SAFE_INTEGER): Promise<LogSlice> {
    const events = await this.opened.of(await this.lookUp.find({ after, upTo }, {}, limit));
    return { events, upTo: events.at(-1)?.position ?? after };
  }

  private async matching({ after, limit, ...filter }: Omit<ReadAllOptions, 'upTo'>, end: number): Promise<LogSlice> {
    if (end <= after) return { events: [], upTo: after };
    const range = await this.narrow({ after, upTo: end }, filter);
    const events = await this.opened.of(await this.lookUp.find(range, filter, limit));
    return { events, upTo: events.length < limit ? end : events.at(-1)!.position };
  }

  async backwards(options: ReadBackwardsOptions): Promise<BackwardsSlice> {
    checkReadBackwards(options);
    const { before = Infinity, limit, ...filter } = options;
    const range = await this.narrow({ after: 0, upTo: Math.min(before - 1, await this.head()) }, filter);
    const events = await this.opened.of(await this.lookUp.find(range, filter, limit, true));
    return { events, downTo: events.length < limit ? 1 : events.at(-1)!.position };
  }

  /** Callers of one turn share a statement: subscriptions that wake up together would each take a connection. */
  head(): Promise<number> {
    this.nextHead ??= Promise.resolve().then(async () => {
      this.nextHead = undefined;
      const [last] = await this.queries.values(HEAD, []);
      const head = Number(last?.[0] ?? 0);
      this.knownHead = Math.max(this.knownHead, head);
      return head;
    });
    return this.nextHead;
  }

  async frontier(): Promise<LogFrontier> {
    const [row] = await this.queries.values(FRONTIER, []);
    const position = Number(row![0] ?? 0);
    this.knownHead = Math.max(this.knownHead, position);
    return { position, tagsGeneration: Number(row![1]) };
  }

  /** The position, or the head if that is lower. It is looked for only where the log is not known to reach so far. */
  async within(position: number): Promise<number> {
    return position <= this.knownHead ? position : Math.min(position, await this.head());
  }

  async positionAt(time: Date): Promise<number> {
    checkTime(time);
    return this.positionAtMs(time.getTime());
  }

  private async positionAtMs(ms: number): Promise<number> {
    const [row] = await this.queries.query<{ position: number | string }>(POSITION_AT, [await this.head(), ms, ms]);
    return Number(row!.position);
  }

  /** Converts times to positions. */
  private async narrow({ after, upTo }: PositionRange, { from, to }: EventFilter): Promise<PositionRange> {
    return {
      after: from ? Math.max(after, await this.positionAtMs(from.getTime() - 1)) : after,
      upTo: to ? Math.min(upTo, await this.positionAtMs(to.getTime())) : upTo,
    };
  }
}

function isUnfiltered({ after: _after, limit: _limit, ...filter }: Omit<ReadAllOptions, 'upTo'>): boolean {
  return Object.values(filter).every((criterion) => criterion === undefined);
}
