import { select } from '../databases/execute.js';
import type { OpenDatabase } from '../databases/open-database.js';
import type { EventQuery, TagQuery } from '../events/event-query.js';
import { decodeJson, type JsonValue } from '../events/json.js';
import type { PersonalFieldsCipher } from '../personal-data/personal-fields-cipher.js';
import { isSealedCopy, SealedCopies } from '../personal-data/sealed-copies.js';
import { checkCommandId, checkEventIds, checkListStreams, checkReadTagged, checkStream } from './checks/check-read.js';
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
import type { FailureKind } from './failure-kind.js';
import type { LogIdentity } from './log-identity.js';
import type { LogQueries } from './log-queries.js';
import { COLUMNS } from './look-up.js';
import { RecentPostings } from './look-ups/recent-postings.js';
import { lastPositions, matchingPositions } from './matching-positions.js';
import { OpenedEvents } from './opened-events.js';
import { COMMAND_COLUMNS, commandRowOf, repeatedResult } from './outcome.js';
import { PAGE, PageTurns } from './page-turns.js';
import { resultOf } from './personal-appends.js';
import { type PreparedItem, prepareQuery } from './prepared-append.js';
import { type EventRow, type EventValues, type PageIds, type PayloadPage, RecordedEvent } from './recorded-event.js';
import { inOrder, type StreamRow, streamsStatement, streamStatement, summaryOf } from './stream-list.js';
import { StreamReads } from './stream-reads.js';
import type { ListStreamsOptions, StreamSummary } from './stream-summary.js';
import { type TaggedPage, type TaggedRange, TaggedRead } from './tagged-read.js';
import { WholeLogReads } from './whole-log-reads.js';

/** Up to three items of one tag or two are prepared: there are few such texts, and most decisions and guards ask them. */
function hasFewForms(items: readonly PreparedItem[]): boolean {
  return items.length <= 3 && items.every(({ tags }) => tags.length > 0 && tags.length <= 2);
}

function eventOf(values: readonly unknown[]): RecordedEvent {
  return new RecordedEvent(values as EventValues);
}

/** The reading half that both adapters share. */
export abstract class TypeOrmReader extends EventLog {
  protected readonly queries: LogQueries;
  private readonly opened: OpenedEvents;
  private readonly streams: StreamReads;
  private readonly whole: WholeLogReads;
  private readonly copies: SealedCopies;
  private readonly turns = new PageTurns();
  /** Filled where the look-ups of the last events are in memory. */
  protected readonly recent = new RecentPostings();

  protected constructor(
    protected readonly database: OpenDatabase,
    protected readonly identity: LogIdentity,
    personal: PersonalFieldsCipher,
  ) {
    super();
    this.copies = new SealedCopies(personal.keys);
    this.queries = this.queriesOf(database);
    this.opened = new OpenedEvents(this.queries, personal);
    this.streams = new StreamReads(this.queries, this.opened, this.turns);
    this.whole = new WholeLogReads(this.queries, this.opened, this.recent);
  }

  protected abstract failureKind(error: unknown): FailureKind;

  readStream(stream: string, options: ReadStreamOptions = {}): AsyncIterable<RecordedEvent> {
    return this.streams.read(stream, options);
  }

  readPayloads(stream: string, fromVersion: number, ids: PageIds): Promise<PayloadPage> {
    return this.streams.payloads(stream, fromVersion, ids === 'with ids');
  }

  readAll(options: ReadAllOptions): Promise<LogSlice> {
    return this.whole.forwards(options);
  }

  readBackwards(options: ReadBackwardsOptions): Promise<BackwardsSlice> {
    return this.whole.backwards(options);
  }

  head(): Promise<number> {
    return this.whole.head();
  }

  frontier(): Promise<LogFrontier> {
    return this.whole.frontier();
  }

  positionAt(time: Date): Promise<number> {
    return this.whole.positionAt(time);
  }

  async id(): Promise<string> {
    return this.identity.logId;
  }

  readTagged(query: EventQuery | TagQuery, options: ReadTaggedOptions = {}): TaggedEvents {
    return new TaggedRead(async () => {
      checkReadTagged(query, options);
      const { after = 0, backwards = false, limit = Infinity } = options;
      const upTo = await this.whole.within(options.upTo ?? Infinity);
      const items = prepareQuery(query, this.identity.tagKey);
      return { range: { after, upTo, backwards, limit }, page: (range) => this.taggedPage(items, range) };
    });
  }

  private async taggedPage(items: readonly PreparedItem[], range: TaggedRange): Promise<TaggedPage> {
    if (items.length === 0) return { events: [], isLast: true };
    const page = Math.min(range.limit, PAGE);
    const { sql, parameters } = matchingPositions(this.queries.dialect, items, range, page, range.backwards);
    const rows = await this.eventsAt(sql, parameters, range.backwards ? 'desc' : 'asc', hasFewForms(items));
    const isLast = rows.length < page;
    if (!isLast) await this.turns.next();
    return { events: await this.opened.of(rows), isLast };
  }

  async readLastOfEach(query: EventQuery, upTo: number): Promise<readonly RecordedEvent[]> {
    checkReadTagged(query, { upTo });
    const items = prepareQuery(query, this.identity.tagKey);
    if (items.length === 0) return [];
    const range = { after: 0, upTo: await this.whole.within(upTo) };
    const { sql, parameters } = lastPositions(this.queries.dialect, items, range);
    return this.opened.of(await this.eventsAt(sql, parameters, 'asc', hasFewForms(items)));
  }

  async findCommand(commandId: string): Promise<AppendResult | undefined> {
    checkCommandId(commandId);
    const [values] = await this.queries.values(
      `select ${COMMAND_COLUMNS} from leftfold_commands where command_id = ?
          and (expires_at is null or expires_at >= ${this.database.write.dialect.now})`,
      [commandId.toLowerCase()],
    );
    return values && this.withOpenResult(repeatedResult(commandRowOf(values)), commandId);
  }

  async readEvents(eventIds: readonly string[]): Promise<RecordedEvent[]> {
    checkEventIds(eventIds);
    if (eventIds.length === 0) return [];
    const { dialect } = this.queries;
    const rows = await this.queries.query<EventRow>(
      `select ${COLUMNS} from leftfold_events e where ${dialect.isAnyOf('e.event_id')}`,
      [dialect.list([...new Set(eventIds.map((id) => id.toLowerCase()))])],
    );
    const events = await this.opened.of(rows.map((row) => RecordedEvent.of(row)));
    return events.toSorted((one, other) => one.position - other.position);
  }

  async listStreams(options: ListStreamsOptions): Promise<StreamSummary[]> {
    checkListStreams(options);
    const statement = streamsStatement(options);
    if (!statement) return [];
    const rows = await this.queries.query<StreamRow & { place: number }>(statement.sql, statement.parameters);
    return inOrder(rows).map(summaryOf);
  }

  async findStream(stream: string): Promise<StreamSummary | undefined> {
    checkStream(stream);
    const { sql, parameters } = streamStatement(stream);
    const [row] = await this.queries.query<StreamRow>(sql, parameters);
    return row && summaryOf(row);
  }

  /** The events at the positions that a statement selects. */
  private async eventsAt(
    positions: string,
    parameters: readonly unknown[],
    order: 'asc' | 'desc',
    isPrepared: boolean,
  ): Promise<RecordedEvent[]> {
    const statement =
      `select ${COLUMNS} from (${positions}) as found join leftfold_events e on e.position = found.position` +
      ` order by e.position ${order}`;
    if (isPrepared) return this.queries.events(statement, parameters);
    const rows = await this.queries.query<EventRow>(statement, parameters);
    return rows.map((row) => RecordedEvent.of(row));
  }

  /** A result that quotes personal fields is stored encrypted. Once a subject is forgotten, there is none. */
  protected async withOpenResult(stored: AppendResult, commandId: string | undefined): Promise<AppendResult> {
    if (commandId === undefined || typeof stored.result !== 'object' || stored.result === null) return stored;
    const text = JSON.stringify(stored.result);
    if (!isSealedCopy(text)) return stored;
    const result = await this.queries.answered(() => this.copies.open(text, resultOf(commandId)));
    return { ...stored, result: result === undefined ? undefined : decodeJson<JsonValue>(result) };
  }

  private queriesOf({ read, reads, briefReads, write }: OpenDatabase): LogQueries {
    const answered = <T>(read: () => Promise<T>): Promise<T> => this.answered(read);
    const values: LogQueries['values'] = async (sql, parameters) =>
      (await answered(() => briefReads.run(sql, parameters))).rows;
    return {
      dialect: write.dialect,
      answered,
      values,
      query: (sql, parameters) => answered(() => select(read, sql, parameters)),
      events: async (sql, parameters) => (await values(sql, parameters)).map(eventOf),
      slice: async (sql, parameters) => (await answered(() => reads.run(sql, parameters))).rows.map(eventOf),
    };
  }

  private async answered<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      const kind = this.failureKind(error);
      if (kind === 'duplicate' || kind === 'fault') throw error;
      throw new EventLogUnavailableError(error);
    }
  }
}
