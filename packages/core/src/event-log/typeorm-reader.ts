import type { OpenDatabase } from '../databases/open-database.js';
import { decodeJson, type JsonValue } from '../events/json.js';
import type { EventQuery, TagQuery } from '../events/event-query.js';
import {
  checkCommandId,
  checkEventIds,
  checkListStreams,
  checkReadAll,
  checkReadBackwards,
  checkReadStream,
  checkReadTagged,
  checkStream,
  checkTime,
} from './checks/check-read.js';
import type { EventFilter } from './event-filter.js';
import { EventLogUnavailableError } from './event-log.errors.js';
import {
  type AppendResult,
  type BackwardsSlice,
  EventLog,
  type LogFrontier,
  type LogSlice,
  type ReadAllOptions,
  type ReadBackwardsOptions,
  type ReadStreamOptions,
  type ReadTaggedOptions,
  type TaggedEvents,
} from './event-log.js';
import type { LogIdentity } from './log-identity.js';
import type { LogQueries, PositionRange } from './log-queries.js';
import { COLUMNS, LookUp, POSITION_AT, VERSION_AT } from './look-up.js';
import { type CommandRow, repeatedResult } from './outcome.js';
import { PageTurns } from './page-turns.js';
import { matchingPositions } from './matching-positions.js';
import { type PreparedItem, prepareQuery } from './prepared-append.js';
import type { PersonalFieldsCipher } from '../personal-data/personal-fields-cipher.js';
import { mayBeEnveloped } from '../personal-data/envelope.js';
import { isSealedCopy, SealedCopies } from '../personal-data/sealed-copies.js';
import { resultOf } from './personal-appends.js';
import { type EventPayload, type EventRow, type PayloadPage, RecordedEvent, rowOf } from './recorded-event.js';
import { type StreamRow, inOrder, streamStatement, streamsStatement, summaryOf } from './stream-list.js';
import type { ListStreamsOptions, StreamSummary } from './stream-summary.js';
import { type TaggedPage, type TaggedRange, TaggedRead } from './tagged-read.js';

/** Small enough that a page is processed in a few ms. */
const PAGE = 500;

/**
 * How an append failed. `lost`: the connection broke and it may have been stored, or other transactions blocked it.
 * `slow`: the database cancelled it for its time limit, and for nothing else. `unavailable`: the database did not store
 * it but may do so later. `duplicate`: a unique key is taken. `fault`: it can never succeed.
 */
const PAYLOADS =
  'select e.position, e.version, e.type, e.schema_version, e.data from leftfold_events e' +
  ' where e.stream = ? and e.version >= ? order by e.version limit ?';

type PayloadValues = readonly [number | string, number | string, string, number, string];

export type FailureKind = 'lost' | 'slow' | 'unavailable' | 'duplicate' | 'fault';

/** The reading half that both adapters share. */
export abstract class TypeOrmReader extends EventLog {
  protected readonly queries: LogQueries;
  private readonly lookUp: LookUp;
  private readonly copies: SealedCopies;
  private readonly turns = new PageTurns();
  /** A look at the head that has not begun, so that it sees what was committed before it is asked for. */
  private nextHead: Promise<number> | undefined;

  protected constructor(
    protected readonly database: OpenDatabase,
    protected readonly identity: LogIdentity,
    private readonly personal: PersonalFieldsCipher,
  ) {
    super();
    this.copies = new SealedCopies(personal.keys);
    this.queries = {
      dialect: database.write.dialect,
      query: (sql, parameters) => this.query(sql, parameters),
      events: (sql, parameters) => this.events(sql, parameters),
    };
    this.lookUp = new LookUp(this.queries);
  }

  protected abstract failureKind(error: unknown): FailureKind;
  /** Runs a read; placeholders are question marks. */
  protected abstract read<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]>;

  async *readStream(stream: string, options: ReadStreamOptions = {}): AsyncIterable<RecordedEvent> {
    checkReadStream(stream, options);
    const { backwards = false, until } = options;
    let { fromVersion: from = 1, toVersion: to = Number.MAX_SAFE_INTEGER, limit: left = Infinity } = options;
    // A filter on the time would make one statement scan all later events.
    if (until) to = Math.min(to, await this.versionAt(stream, until));
    while (left > 0 && from <= to) {
      const page = Math.min(left, PAGE);
      const rows = await this.events(
        `select ${COLUMNS} from leftfold_events e where e.stream = ? and e.version >= ? and e.version <= ?` +
          ` order by e.version ${backwards ? 'desc' : 'asc'} limit ?`,
        [stream, from, to, page],
      );
      yield* await this.opened(rows);
      if (rows.length < page) return;
      await this.turns.next();
      left -= page;
      if (backwards) to = Number(rows.at(-1)!.version) - 1;
      else from = Number(rows.at(-1)!.version) + 1;
    }
  }

  async readPayloads(stream: string, fromVersion: number): Promise<PayloadPage> {
    const { rows } = await this.answered(() => this.database.reads.run(PAYLOADS, [stream, fromVersion, PAGE]));
    const events = (rows as readonly PayloadValues[]).map(([position, version, type, schemaVersion, dataText]) => ({
      position: Number(position),
      version: Number(version),
      type,
      schemaVersion,
      dataText,
    }));
    const isFull = events.length === PAGE;
    if (isFull) await this.turns.next();
    return { events: await this.withKeys(stream, events), isFull };
  }

  async readAll(options: ReadAllOptions): Promise<LogSlice> {
    checkReadAll(options);
    const { upTo, ...rest } = options;
    if (isUnfiltered(rest)) return this.readEach(rest, upTo);
    // Read before the events. What is committed between the two reads is beyond this position and belongs to the next
    // slice.
    const head = await this.head();
    return this.readUpTo(rest, Math.min(upTo ?? Infinity, head));
  }

  /** Positions have no holes, so the last event tells how far all of them were read. */
  private async readEach({ after, limit }: ReadAllOptions, upTo = Number.MAX_SAFE_INTEGER): Promise<LogSlice> {
    const events = await this.opened(await this.lookUp.find({ after, upTo }, {}, limit));
    return { events, upTo: events.at(-1)?.position ?? after };
  }

  private async readUpTo({ after, limit, ...filter }: Omit<ReadAllOptions, 'upTo'>, end: number): Promise<LogSlice> {
    if (end <= after) return { events: [], upTo: after };
    const range = await this.narrow({ after, upTo: end }, filter);
    const events = await this.opened(await this.lookUp.find(range, filter, limit));
    return { events, upTo: events.length < limit ? end : events.at(-1)!.position };
  }

  async readBackwards(options: ReadBackwardsOptions): Promise<BackwardsSlice> {
    checkReadBackwards(options);
    const { before = Infinity, limit, ...filter } = options;
    const range = await this.narrow({ after: 0, upTo: Math.min(before - 1, await this.head()) }, filter);
    const events = await this.opened(await this.lookUp.find(range, filter, limit, true));
    return { events, downTo: events.length < limit ? 1 : events.at(-1)!.position };
  }

  readTagged(query: EventQuery | TagQuery, options: ReadTaggedOptions = {}): TaggedEvents {
    return new TaggedRead(async () => {
      checkReadTagged(query, options);
      const { after = 0, backwards = false, limit = Infinity } = options;
      const upTo = Math.min(options.upTo ?? Infinity, await this.head());
      const items = prepareQuery(query, this.identity.tagKey);
      return { range: { after, upTo, backwards, limit }, page: (range) => this.taggedPage(items, range) };
    });
  }

  private async taggedPage(items: readonly PreparedItem[], range: TaggedRange): Promise<TaggedPage> {
    if (items.length === 0) return { events: [], isLast: true };
    const page = Math.min(range.limit, PAGE);
    const { sql, parameters } = matchingPositions(this.queries.dialect, items, range, page, range.backwards);
    const rows = await this.query<EventRow>(
      `select ${COLUMNS} from (${sql}) as found join leftfold_events e on e.position = found.position` +
        ` order by e.position ${range.backwards ? 'desc' : 'asc'}`,
      parameters,
    );
    const isLast = rows.length < page;
    if (!isLast) await this.turns.next();
    return { events: await this.opened(rows), isLast };
  }

  async findCommand(commandId: string): Promise<AppendResult | undefined> {
    checkCommandId(commandId);
    const [row] = await this.query<CommandRow>(
      `select * from leftfold_commands where command_id = ?
          and (expires_at is null or expires_at >= ${this.database.write.dialect.now})`,
      [commandId.toLowerCase()],
    );
    return row && this.withOpenResult(repeatedResult(row), commandId);
  }

  async readEvents(eventIds: readonly string[]): Promise<RecordedEvent[]> {
    checkEventIds(eventIds);
    if (eventIds.length === 0) return [];
    const { dialect } = this.queries;
    const rows = await this.query<EventRow>(
      `select ${COLUMNS} from leftfold_events e where ${dialect.isAnyOf('e.event_id')}`,
      [dialect.list([...new Set(eventIds.map((id) => id.toLowerCase()))])],
    );
    const events = await this.opened(rows);
    return events.toSorted((one, other) => one.position - other.position);
  }

  async listStreams(options: ListStreamsOptions): Promise<StreamSummary[]> {
    checkListStreams(options);
    const statement = streamsStatement(options);
    if (!statement) return [];
    const rows = await this.query<StreamRow & { place: number }>(statement.sql, statement.parameters);
    return inOrder(rows).map(summaryOf);
  }

  async findStream(stream: string): Promise<StreamSummary | undefined> {
    checkStream(stream);
    const { sql, parameters } = streamStatement(stream);
    const [row] = await this.query<StreamRow>(sql, parameters);
    return row && summaryOf(row);
  }

  /** Callers of one turn share a statement: subscriptions that wake up together would each take a connection. */
  head(): Promise<number> {
    this.nextHead ??= Promise.resolve().then(() => {
      this.nextHead = undefined;
      return this.readHead();
    });
    return this.nextHead;
  }

  private async readHead(): Promise<number> {
    const { rows } = await this.answered(() =>
      this.database.reads.run('select position from leftfold_events order by position desc limit 1', []),
    );
    return Number(rows[0]?.[0] ?? 0);
  }

  async frontier(): Promise<LogFrontier> {
    const [row] = await this.query<{ position: number | string | null; generation: number | string }>(
      `select (select position from leftfold_events order by position desc limit 1) as position,
              (select max(tags_generation) from leftfold_event_log) as generation`,
      [],
    );
    return { position: Number(row!.position ?? 0), tagsGeneration: Number(row!.generation) };
  }

  async positionAt(time: Date): Promise<number> {
    checkTime(time);
    return this.positionAtMs(time.getTime());
  }

  private async positionAtMs(ms: number): Promise<number> {
    const [row] = await this.query<{ position: number | string }>(POSITION_AT, [await this.head(), ms, ms]);
    return Number(row!.position);
  }

  private async versionAt(stream: string, time: Date): Promise<number> {
    const ms = time.getTime();
    const [row] = await this.query<{ version: number | string }>(VERSION_AT, [stream, ms, ms, stream]);
    return Number(row!.version);
  }

  async id(): Promise<string> {
    return this.identity.logId;
  }

  /** Converts times to positions. */
  private async narrow({ after, upTo }: PositionRange, { from, to }: EventFilter): Promise<PositionRange> {
    return {
      after: from ? Math.max(after, await this.positionAtMs(from.getTime() - 1)) : after,
      upTo: to ? Math.min(upTo, await this.positionAtMs(to.getTime())) : upTo,
    };
  }

  /** Gets the keys of personal fields, with one statement for all rows. */
  private async opened(rows: readonly EventRow[]): Promise<RecordedEvent[]> {
    this.personal.notice(rows);
    if (!rows.some(({ data }) => mayBeEnveloped(data))) return rows.map((row) => new RecordedEvent(row));
    const contents = rows.map((row) => ({
      position: Number(row.position),
      eventId: row.event_id,
      type: row.type,
      dataText: row.data,
    }));
    const decrypts = await this.answered(() => this.personal.opened(contents));
    return rows.map((row, index) => new RecordedEvent(row, decrypts[index]));
  }

  private async withKeys(stream: string, events: readonly EventPayload[]): Promise<readonly EventPayload[]> {
    if (!events.some(({ dataText }) => mayBeEnveloped(dataText))) return events;
    const ids = await this.query<{ position: number | string; event_id: string }>(
      'select e.position, e.event_id from leftfold_events e where e.stream = ? and e.version >= ? and e.version <= ?',
      [stream, events[0]!.version, events.at(-1)!.version],
    );
    const byPosition = new Map(ids.map((row) => [Number(row.position), row.event_id]));
    const contents = events.map((event) => ({ ...event, eventId: byPosition.get(event.position)! }));
    const decrypts = await this.answered(() => this.personal.opened(contents));
    return events.map((event, index) => {
      const decrypt = decrypts[index];
      return decrypt ? { ...event, decrypt } : event;
    });
  }

  /** A result that quotes personal fields is stored encrypted. Once a subject is forgotten, there is none. */
  protected async withOpenResult(stored: AppendResult, commandId: string | undefined): Promise<AppendResult> {
    if (commandId === undefined || typeof stored.result !== 'object' || stored.result === null) return stored;
    const text = JSON.stringify(stored.result);
    if (!isSealedCopy(text)) return stored;
    const result = await this.answered(() => this.copies.open(text, resultOf(commandId)));
    return { ...stored, result: result === undefined ? undefined : decodeJson<JsonValue>(result) };
  }

  protected query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    return this.answered(() => this.read<Row>(sql, parameters));
  }

  private async events(sql: string, parameters: readonly unknown[]): Promise<EventRow[]> {
    const { rows } = await this.answered(() => this.database.reads.run(sql, parameters));
    return rows.map(rowOf);
  }

  protected async answered<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      const kind = this.failureKind(error);
      if (kind === 'duplicate' || kind === 'fault') throw error;
      throw new EventLogUnavailableError(error);
    }
  }
}

function isUnfiltered({ after: _after, limit: _limit, ...filter }: Omit<ReadAllOptions, 'upTo'>): boolean {
  return Object.values(filter).every((criterion) => criterion === undefined);
}
