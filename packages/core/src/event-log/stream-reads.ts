import { mayBeEnveloped } from '../personal-data/envelope.js';
import { checkReadStream } from './checks/check-read.js';
import type { ReadStreamOptions } from './event-log.js';
import type { LogQueries } from './log-queries.js';
import { COLUMNS, VERSION_AT } from './look-up.js';
import type { OpenedEvents } from './opened-events.js';
import { PAGE, type PageTurns } from './page-turns.js';
import type { EventPayload, PayloadPage, RecordedEvent } from './recorded-event.js';
import { categoryOf } from './stream-name.js';

const payloads = (columns: string): string =>
  `select e.position, e.version, e.type, e.schema_version, e.data${columns} from leftfold_events e` +
  ' where e.stream = ? and e.version >= ? order by e.version limit ?';

const PAYLOADS = payloads('');
const IDENTIFIED = payloads(', e.event_id');

type PayloadValues = readonly [number | string, number | string, string, number, string, eventId?: string];

/** Reads of one stream, page by page. */
export class StreamReads {
  /** Categories of streams in which events with personal fields were found. */
  private readonly personal = new Set<string>();

  constructor(
    private readonly queries: LogQueries,
    private readonly opened: OpenedEvents,
    private readonly turns: PageTurns,
  ) {}

  async *read(stream: string, options: ReadStreamOptions): AsyncIterable<RecordedEvent> {
    checkReadStream(stream, options);
    const { backwards = false, until } = options;
    let { fromVersion: from = 1, toVersion: to = Number.MAX_SAFE_INTEGER, limit: left = Infinity } = options;
    // A filter on the time would make one statement scan all later events.
    if (until) to = Math.min(to, await this.versionAt(stream, until));
    while (left > 0 && from <= to) {
      const page = Math.min(left, PAGE);
      const rows = await this.queries.slice(
        `select ${COLUMNS} from leftfold_events e where e.stream = ? and e.version >= ? and e.version <= ?` +
          ` order by e.version ${backwards ? 'desc' : 'asc'} limit ?`,
        [stream, from, to, page],
      );
      yield* await this.opened.of(rows);
      if (rows.length < page) return;
      await this.turns.next();
      left -= page;
      if (backwards) to = rows.at(-1)!.version - 1;
      else from = rows.at(-1)!.version + 1;
    }
  }

  /** What a fold needs of the events from a version on: one page. */
  async payloads(stream: string, fromVersion: number, withIds: boolean): Promise<PayloadPage> {
    const isIdentified = withIds || this.personal.has(categoryOf(stream));
    const statement = isIdentified ? IDENTIFIED : PAYLOADS;
    // One more tells whether another page follows.
    const rows = (await this.queries.values(statement, [stream, fromVersion, PAGE + 1])) as readonly PayloadValues[];
    const hasMore = rows.length > PAGE;
    const events = rows.slice(0, PAGE).map((values) => new StoredPayload(values));
    if (hasMore) await this.turns.next();
    if (!events.some(({ dataText }) => mayBeEnveloped(dataText))) return { events, hasMore };
    if (isIdentified) return { events: await this.opened.ofPayloads(events), hasMore };
    // Each field is encrypted for the id of its event. The next streams of this category are read with ids at once.
    this.personal.add(categoryOf(stream));
    return this.payloads(stream, fromVersion, true);
  }

  private async versionAt(stream: string, time: Date): Promise<number> {
    const ms = time.getTime();
    const [row] = await this.queries.query<{ version: number | string }>(VERSION_AT, [stream, ms, ms, stream]);
    return Number(row!.version);
  }
}

/**
 * A class, because V8 allocates what object literals make among the old objects once a page of them has survived a collection.
 * They would stay, with all of their texts, until the next full one: that took more time than the read.
 */
class StoredPayload implements EventPayload {
  readonly position: number;
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly dataText: string;
  readonly eventId: string | undefined;

  /** By index: taking an array apart costs an object for each value. */
  constructor(values: PayloadValues) {
    this.position = Number(values[0]);
    this.version = Number(values[1]);
    this.type = values[2];
    this.schemaVersion = values[3];
    this.dataText = values[4];
    this.eventId = values[5];
  }
}
