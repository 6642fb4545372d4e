import { checkReadStream } from './checks/check-read.js';
import type { ReadStreamOptions } from './event-log.js';
import type { LogQueries } from './log-queries.js';
import { COLUMNS, VERSION_AT } from './look-up.js';
import type { OpenedEvents } from './opened-events.js';
import { PAGE, type PageTurns } from './page-turns.js';
import type { EventPayload, PayloadPage, RecordedEvent } from './recorded-event.js';

const PAYLOADS =
  'select e.position, e.version, e.event_id, e.type, e.schema_version, e.data from leftfold_events e' +
  ' where e.stream = ? and e.version >= ? order by e.version limit ?';

type PayloadValues = readonly [number | string, number | string, string, string, number, string];

/** Reads of one stream, page by page. */
export class StreamReads {
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
      yield* await this.opened.ofRows(rows);
      if (rows.length < page) return;
      await this.turns.next();
      left -= page;
      if (backwards) to = Number(rows.at(-1)!.version) - 1;
      else from = Number(rows.at(-1)!.version) + 1;
    }
  }

  /** What a fold needs of the events from a version on: one page. */
  async payloads(stream: string, fromVersion: number): Promise<PayloadPage> {
    const rows = (await this.queries.values(PAYLOADS, [stream, fromVersion, PAGE])) as readonly PayloadValues[];
    const events = rows.map((values) => new StoredPayload(values));
    const isFull = events.length === PAGE;
    if (isFull) await this.turns.next();
    return { events: await this.opened.ofPayloads(events), isFull };
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
  readonly eventId: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly dataText: string;

  /** By index: taking an array apart costs an object for each value. */
  constructor(values: PayloadValues) {
    this.position = Number(values[0]);
    this.version = Number(values[1]);
    this.eventId = values[2];
    this.type = values[3];
    this.schemaVersion = values[4];
    this.dataText = values[5];
  }
}
