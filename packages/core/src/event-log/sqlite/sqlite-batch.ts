import type { SqliteStatements } from '../../databases/sqlite-statements.js';
import { SQLITE } from '../../databases/dialects/sqlite.dialect.js';
import { matchingPositions } from '../matching-positions.js';
import {
  type CommandRow,
  type Outcome,
  emptyVersions,
  meetsExpectation,
  refusedCondition,
  refusedStream,
  refusedVersion,
  repeatedOutcome,
  storedOutcome,
} from '../outcome.js';
import {
  closingTag,
  type PreparedAppend,
  type PreparedCommand,
  type PreparedEvent,
  type PreparedStream,
} from '../prepared-append.js';
import { failureKind } from './failure-kind.js';
import type { KnownStreams, StreamEnd } from './known-streams.js';

const NO_EVENTS: StreamEnd = { version: 0, position: 0 };

const HEAD = `select cast(unixepoch('subsec') * 1000 as integer) as now, h.position, h.event_id, h.recorded_at
  from (select 1) left join (select position, event_id, recorded_at from leftfold_events order by position desc limit 1) h`;
const STREAM = 'select version, position from leftfold_events where stream = ? order by version desc limit 1';
const TAG = 'select position from leftfold_event_tags where tag = ? limit 1';
const COMMAND = 'select * from leftfold_commands where command_id = ?';
const FORGET = 'delete from leftfold_commands where command_id = ? and expires_at < ?';
const STORE_EVENT = `insert into leftfold_events (position, stream, version, event_id, type, schema_version, data, metadata,
  actor, correlation_id, recorded_at, partition) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const STORE_TAG = 'insert into leftfold_event_tags (tag, position) values (?, ?)';
const STORE_COMMAND = `insert into leftfold_commands (command_id, position, versions, result, fingerprint, expires_at,
  recorded_at) values (?, ?, ?, ?, ?, ?, ?)`;

/**
 * The appends of one transaction. They share no stream, event id or command id, and none writes what the condition of
 * another one reads, so each can be checked and stored before the next. All of it happens in one turn of the event loop.
 */
export class SqliteBatch {
  private position = 0;
  private now = 0;
  private number = 0;
  /** Id of the last event of the log. */
  private last: string | undefined;

  constructor(
    private readonly statements: SqliteStatements,
    private readonly known: KnownStreams,
  ) {}

  store(batch: readonly PreparedAppend[]): Outcome[] {
    this.readHead();
    this.number = this.known.begin(this.last);
    return batch.map((append) => this.storeOne(append));
  }

  committed(): void {
    this.known.committed(this.number, this.last);
  }

  private storeOne(append: PreparedAppend): Outcome {
    const { command, streams } = append;
    const repeated = command && this.readCommand(command);
    if (repeated) return repeatedOutcome(repeated);
    const versions = emptyVersions();
    let last = 0;
    if (isNewStream(append) && this.storeFirst(streams[0]!)) {
      const [{ stream, events }] = streams as readonly [PreparedStream];
      versions[stream] = events.length;
    } else {
      const ends = streams.map((each) => this.readStream(each));
      const refused = this.judge(append, ends);
      if (refused) return refused;
      for (const [index, each] of streams.entries()) {
        const end = ends[index]!;
        versions[each.stream] = end.version + each.events.length;
        last = Math.max(last, end.position);
        this.storeEvents(each, end.version);
        if (end !== NO_EVENTS) this.keepEnd(each, versions[each.stream]!);
      }
    }
    if (append.eventCount > 0) last = this.position;
    if (command) this.storeCommand(command, last, versions);
    return storedOutcome(append, last, versions, this.now);
  }

  private judge({ streams, condition }: PreparedAppend, ends: readonly StreamEnd[]): Outcome | undefined {
    for (const [index, each] of streams.entries()) {
      // What is known is open.
      if (each.events.length === 0 || ends[index] === NO_EVENTS || this.known.find(each.stream)) continue;
      const closing = this.statements.of(TAG).get(closingTag(each.stream)) as { position: number } | undefined;
      if (closing) return refusedStream(each, closing.position);
    }
    for (const [index, each] of streams.entries()) {
      const actual = ends[index]!.version;
      if (!meetsExpectation(each, actual)) return refusedVersion(each, actual);
    }
    if (!condition || condition.items.length === 0) return undefined;
    const range = { after: condition.after, upTo: Number.MAX_SAFE_INTEGER };
    const { sql, parameters } = matchingPositions(SQLITE, condition.items, range, 1);
    const against = this.statements.of(sql).get(...parameters) as { position: number } | undefined;
    return against && refusedCondition(against.position);
  }

  /** The last position, and the time for this batch: by the clock, but never before the time of the last event. */
  private readHead(): void {
    const head = this.statements.of(HEAD).get() as {
      now: number;
      position: number | null;
      event_id: string | null;
      recorded_at: number | null;
    };
    this.position = head.position ?? 0;
    this.last = head.event_id ?? undefined;
    this.now = Math.max(head.now, head.recorded_at ?? 0);
  }

  private readCommand({ id }: PreparedCommand): CommandRow | undefined {
    this.statements.of(FORGET).run(id, this.now);
    return this.statements.of(COMMAND).get(id) as CommandRow | undefined;
  }

  private readStream({ stream }: PreparedStream): StreamEnd {
    return this.known.find(stream) ?? (this.statements.of(STREAM).get(stream) as StreamEnd | undefined) ?? NO_EVENTS;
  }

  /** Only of a stream that existed: most new ones are not stored to again soon. */
  private keepEnd({ stream, events }: PreparedStream, version: number): void {
    if (events.length === 0) return;
    if (events.some(({ tags }) => tags.includes(closingTag(stream)))) this.known.forget(stream);
    else this.known.keep(stream, { version, position: this.position });
  }

  /**
   * Stores the events of a new stream without reading it: the index of versions refuses the first one if the stream exists.
   * @returns false when the first one was refused, and nothing is stored
   */
  private storeFirst(stream: PreparedStream): boolean {
    try {
      this.insert(stream, 1, stream.events[0]!);
    } catch (error) {
      if (failureKind(error) !== 'duplicate') throw error;
      return false;
    }
    this.storeTags(stream.events[0]!);
    this.storeEvents(stream, 0, 1);
    return true;
  }

  /** @param from index of the first event that is not stored yet */
  private storeEvents(stream: PreparedStream, before: number, from = 0): void {
    const { events } = stream;
    for (let index = from; index < events.length; index++) {
      this.insert(stream, before + index + 1, events[index]!);
      this.storeTags(events[index]!);
    }
  }

  private insert({ stream, partition }: PreparedStream, version: number, event: PreparedEvent): void {
    const position = this.position + 1;
    this.statements
      .of(STORE_EVENT)
      .run(
        position,
        stream,
        version,
        event.eventId,
        event.type,
        event.schemaVersion,
        event.data,
        event.metadata,
        event.actor,
        event.correlationId,
        this.now,
        partition,
      );
    this.position = position;
    this.last = event.eventId;
  }

  private storeTags({ tags }: PreparedEvent): void {
    for (const tag of tags) this.statements.of(STORE_TAG).run(tag, this.position);
  }

  private storeCommand(
    { id, result, fingerprint, keepFor }: PreparedCommand,
    position: number,
    versions: Record<string, number>,
  ): void {
    const expiresAt = keepFor === null ? null : this.now + keepFor;
    const row = [id, position, JSON.stringify(versions), result, fingerprint, expiresAt, this.now];
    this.statements.of(STORE_COMMAND).run(...row);
  }
}

/** Whether it only stores events in one stream that must not exist. */
function isNewStream({ streams, condition }: PreparedAppend): boolean {
  const [stream] = streams;
  if (!stream || streams.length > 1 || stream.events.length === 0 || condition) return false;
  return stream.expected === 0 || stream.expected === 'no-stream';
}
