import { performance } from 'node:perf_hooks';
import type { Observable } from 'rxjs';
import { Subject } from 'rxjs';
import { validate as isUuid } from 'uuid';
import type { OpenDatabase } from '../databases/open-database.js';
import { NOW_IN_MS } from '../databases/now.js';
import type { TagQuery } from '../events/tags.js';
import type { AppendEnd, Telemetry } from '../telemetry.js';
import type { EventFilter } from './event-filter.js';
import { EventLogUnavailableError } from './event-log.errors.js';
import {
  type AppendOptions,
  type AppendResult,
  EventLog,
  type LogSlice,
  type ReadAllOptions,
  type ReadLastOptions,
  type ReadStreamOptions,
  type StreamAppend,
} from './event-log.js';
import { type BatchTarget, GroupCommit } from './group-commit.js';
import type { LogIdentity } from './log-identity.js';
import { COLUMNS, LookUp, POSITION_AT, type PositionRange } from './look-up.js';
import { type CommandRow, type Outcome, asOwn, repeatedResult, storedEvents, storedOutcome } from './outcome.js';
import { type AppendLimits, type PreparedAppend, isStreamName, prepareAppend, sealQuery } from './prepared-append.js';
import { type EventRow, RecordedEvent } from './recorded-event.js';

const PAGE = 1_000;
/** How long an append whose connection broke goes on trying, in ms, counted from the first break. */
const RECONNECT_LIMIT = 4_000;

/**
 * What a failed statement says: `lost` the connection broke and it may have been stored, or others stood in its way;
 * `slow` the database gave up on it, and on nothing else; `unavailable` the database did not store it, and may do so
 * later; `duplicate` a unique key is taken; `fault` it will never work.
 */
export type FailureKind = 'lost' | 'slow' | 'unavailable' | 'duplicate' | 'fault';

export interface LogSurroundings {
  /** Hear of appends by other processes. */
  readonly listen: boolean;
  readonly telemetry: Telemetry;
}

/** What both adapters share: preparing, group commit, trying again, and reading. */
export abstract class TypeOrmEventLog extends EventLog implements BatchTarget {
  readonly appended$: Observable<number>;
  protected readonly appended = new Subject<number>();
  private readonly group = new GroupCommit(this);
  private readonly lookUp: LookUp;
  private lostSince: number | undefined;
  private readonly lastFailures = new WeakMap<PreparedAppend, FailureKind>();

  protected constructor(
    protected readonly database: OpenDatabase,
    private readonly identity: LogIdentity,
    private readonly limits: AppendLimits,
    private readonly telemetry: Telemetry,
  ) {
    super();
    this.appended$ = this.appended.asObservable();
    this.lookUp = new LookUp({
      kind: database.write.kind,
      anyOf: (column, values) => this.anyOf(column, values),
      query: (sql, parameters) => this.query(sql, parameters),
    });
  }

  /**
   * Sends one transaction. Appends of a batch don't touch one another.
   * @param hurry the database gave up on it before: it should do so sooner now
   */
  protected abstract send(batch: readonly PreparedAppend[], hurry: boolean): Promise<Outcome[]>;
  protected abstract failureKind(error: unknown): FailureKind;
  /** SQL that is true where `column` is one of the values bound to the next placeholder. */
  protected abstract anyOf(column: string, values: readonly string[]): { sql: string; parameter: unknown };
  /** Runs a read; placeholders are question marks. */
  protected abstract read<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]>;

  async append(appends: readonly StreamAppend[], options: AppendOptions = {}): Promise<AppendResult> {
    const calledAt = performance.now();
    let end: AppendEnd = 'failed';
    try {
      const outcome = await this.group.submit(prepareAppend(appends, options, this.identity.tagKey, this.limits));
      end = outcome.kind;
      if (outcome.kind === 'refused') throw outcome.error;
      return outcome.result;
    } finally {
      this.telemetry.appended(end, performance.now() - calledAt);
    }
  }

  async commit(batch: readonly PreparedAppend[]): Promise<Outcome[]> {
    try {
      const outcomes = await this.sendTold(batch, false);
      this.lostSince = undefined;
      this.announce(outcomes);
      return outcomes;
    } catch (error) {
      const kind = this.failureKind(error);
      if (kind === 'lost') this.lostSince ??= Date.now();
      for (const append of batch) this.lastFailures.set(append, kind);
      throw error;
    }
  }

  async commitAgain(append: PreparedAppend): Promise<Outcome> {
    for (;;) {
      try {
        const outcome = await this.sendAgain(append);
        this.lostSince = undefined;
        this.announce([outcome]);
        return outcome;
      } catch (error) {
        const kind = this.failureKind(error);
        this.lastFailures.set(append, kind);
        if (kind === 'slow' || kind === 'unavailable') throw new EventLogUnavailableError(error);
        if (kind !== 'lost') throw error;
        await this.pauseBeforeReconnect(error);
      }
    }
  }

  async *readStream(stream: string, options: ReadStreamOptions = {}): AsyncIterable<RecordedEvent> {
    if (!isStreamName(stream)) return;
    const { backwards = false, until } = options;
    let { fromVersion: from = 1, toVersion: to = Number.MAX_SAFE_INTEGER, limit: left = Infinity } = options;
    while (left > 0 && from <= to) {
      const page = Math.min(left, PAGE);
      const rows = await this.query<EventRow>(
        `select ${COLUMNS} from events e where e.stream = ? and e.version >= ? and e.version <= ?` +
          (until ? ' and e.recorded_at <= ?' : '') +
          ` order by e.version ${backwards ? 'desc' : 'asc'} limit ?`,
        [stream, from, to, ...(until ? [until.getTime()] : []), page],
      );
      for (const row of rows) yield new RecordedEvent(row);
      if (rows.length < page) return;
      left -= page;
      if (backwards) to = Number(rows.at(-1)!.version) - 1;
      else from = Number(rows.at(-1)!.version) + 1;
    }
  }

  async readAll({ after, limit, upTo, ...filter }: ReadAllOptions): Promise<LogSlice> {
    // Taken before the events: what is committed between the two reads lies beyond it, and waits for the next slice.
    const end = Math.min(upTo ?? Infinity, await this.head());
    if (end <= after) return { events: [], upTo: after };
    const range = await this.narrow({ after, upTo: end }, filter);
    const rows = await this.lookUp.find(range, filter, limit);
    const events = rows.map((row) => new RecordedEvent(row));
    return { events, upTo: events.length < limit ? end : events.at(-1)!.position };
  }

  async readLast({ limit, ...filter }: ReadLastOptions): Promise<RecordedEvent[]> {
    const range = await this.narrow({ after: 0, upTo: await this.head() }, filter);
    const rows = await this.lookUp.find(range, filter, limit, true);
    return rows.toReversed().map((row) => new RecordedEvent(row));
  }

  async *readTagged(query: TagQuery): AsyncIterable<RecordedEvent> {
    const tagged = this.anyOf('t.tag', sealQuery(query, this.identity.tagKey));
    const typed = query.types && this.anyOf('e.type', query.types);
    for (let after = 0; ;) {
      const rows: EventRow[] = await this.query<EventRow>(
        `select ${COLUMNS} from events e where e.position in` +
          ` (select t.position from event_tags t where ${tagged.sql} and t.position > ?)` +
          (typed ? ` and ${typed.sql}` : '') +
          ` order by e.position limit ${PAGE}`,
        [tagged.parameter, after, ...(typed ? [typed.parameter] : [])],
      );
      for (const row of rows) yield new RecordedEvent(row);
      if (rows.length < PAGE) return;
      after = Number(rows.at(-1)!.position);
    }
  }

  async findCommand(commandId: string): Promise<AppendResult | undefined> {
    if (!isUuid(commandId)) return undefined;
    const [row] = await this.query<CommandRow>(
      `select * from commands where command_id = ?
          and (expires_at is null or expires_at >= ${NOW_IN_MS[this.database.write.kind]})`,
      [commandId.toLowerCase()],
    );
    return row && repeatedResult(row);
  }

  async forgetExpiredCommands(): Promise<void> {
    await this.database.write.transaction(async (manager) => {
      await manager.query(`delete from commands where expires_at < ${NOW_IN_MS[this.database.write.kind]}`);
    });
  }

  async positionOf(eventId: string): Promise<number | undefined> {
    if (!isUuid(eventId)) return undefined;
    const [row] = await this.query<{ position: number | string }>('select position from events where event_id = ?', [
      eventId.toLowerCase(),
    ]);
    return row && Number(row.position);
  }

  async head(): Promise<number> {
    const [row] = await this.query<{ position: number | string }>(
      'select position from events order by position desc limit 1',
      [],
    );
    return Number(row?.position ?? 0);
  }

  async positionAt(time: Date): Promise<number> {
    const ms = time.getTime();
    const [row] = await this.query<{ position: number | string }>(POSITION_AT, [await this.head(), ms, ms]);
    return Number(row!.position);
  }

  async id(): Promise<string> {
    return this.identity.logId;
  }

  /** Stores what waits, takes nothing more, and lets go of its connections. */
  async close(): Promise<void> {
    await this.group.close();
    this.appended.complete();
  }

  /** Times as positions. */
  private async narrow({ after, upTo }: PositionRange, { from, to }: EventFilter): Promise<PositionRange> {
    return {
      after: from ? Math.max(after, await this.positionAt(new Date(from.getTime() - 1))) : after,
      upTo: to ? Math.min(upTo, await this.positionAt(to)) : upTo,
    };
  }

  private async sendTold(batch: readonly PreparedAppend[], hurry: boolean): Promise<Outcome[]> {
    const sentAt = performance.now();
    const outcomes = await this.send(batch, hurry);
    this.telemetry.committed(batch.length, storedEvents(batch, outcomes), performance.now() - sentAt);
    return outcomes;
  }

  private async sendAgain(append: PreparedAppend): Promise<Outcome> {
    const lastFailure = this.lastFailures.get(append);
    try {
      const [outcome] = await this.sendTold([append], lastFailure === 'slow');
      // What stands in the way may be this append's own first try, whose reply was lost.
      const blocked = outcome!.kind === 'refused' || outcome!.result.repeated;
      const first = blocked ? await this.findStored(append) : undefined;
      return first ?? (lastFailure === 'lost' ? asOwn(append, outcome!) : outcome!);
    } catch (error) {
      const first = this.failureKind(error) === 'duplicate' ? await this.findStored(append) : undefined;
      if (first) return first;
      throw error;
    }
  }

  /** The outcome of an earlier try of this same append, told by the ids of its events. */
  private async findStored(append: PreparedAppend): Promise<Outcome | undefined> {
    const sent = append.streams.flatMap(({ stream, events }) => events.map((event) => ({ stream, ...event })));
    if (sent.length === 0) return undefined;
    const filter = this.anyOf(
      'e.event_id',
      sent.map((event) => event.eventId),
    );
    const rows = await this.query<EventRow>(`select ${COLUMNS} from events e where ${filter.sql} order by e.position`, [
      filter.parameter,
    ]);
    // Somebody else's event under the same id is no success of this append.
    const same = sent.every(({ stream, eventId, data }, index) => {
      const row = rows[index];
      return row?.event_id === eventId && row.stream === stream && row.data === data;
    });
    if (rows.length !== sent.length || !same) return undefined;
    const versions: Record<string, number> = {};
    for (const row of rows) versions[row.stream] = Number(row.version);
    const last = rows.at(-1)!;
    return storedOutcome(append, Number(last.position), versions, Number(last.recorded_at));
  }

  private announce(outcomes: readonly Outcome[]): void {
    let last = 0;
    for (const each of outcomes) {
      if (each.kind === 'stored' && !each.result.repeated) last = Math.max(last, each.result.position);
    }
    if (last > 0) this.appended.next(last);
  }

  private async query<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
    try {
      return await this.read<Row>(sql, parameters);
    } catch (error) {
      const kind = this.failureKind(error);
      if (kind === 'duplicate' || kind === 'fault') throw error;
      throw new EventLogUnavailableError(error);
    }
  }

  private async pauseBeforeReconnect(error: unknown): Promise<void> {
    this.lostSince ??= Date.now();
    if (Date.now() - this.lostSince > RECONNECT_LIMIT) throw new EventLogUnavailableError(error);
    await new Promise((resume) => setTimeout(resume, 25 + Math.random() * 75));
  }
}
