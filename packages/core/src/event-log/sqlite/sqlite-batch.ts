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
import { closingTag, type PreparedAppend, type PreparedCommand, type PreparedStream } from '../prepared-append.js';

interface StreamState {
  readonly version: number;
  readonly position: number;
}

const NO_EVENTS: StreamState = { version: 0, position: 0 };

const HEAD = `select cast(unixepoch('subsec') * 1000 as integer) as now, h.position, h.recorded_at
  from (select 1) left join (select position, recorded_at from leftfold_events order by position desc limit 1) h`;
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

  constructor(private readonly statements: SqliteStatements) {}

  store(batch: readonly PreparedAppend[]): Outcome[] {
    this.readHead();
    return batch.map((append) => this.storeOne(append));
  }

  private storeOne(append: PreparedAppend): Outcome {
    const { command, streams } = append;
    const repeated = command && this.readCommand(command);
    if (repeated) return repeatedOutcome(repeated);
    const states = streams.map((each) => this.readStream(each));
    const refused = this.judge(append, states);
    if (refused) return refused;
    const versions = emptyVersions();
    let last = 0;
    for (const [index, each] of streams.entries()) {
      const state = states[index]!;
      versions[each.stream] = state.version + each.events.length;
      last = Math.max(last, state.position);
      this.storeEvents(each, state.version);
    }
    if (append.eventCount > 0) last = this.position;
    if (command) this.storeCommand(command, last, versions);
    return storedOutcome(append, last, versions, this.now);
  }

  private judge({ streams, condition }: PreparedAppend, states: readonly StreamState[]): Outcome | undefined {
    for (const [index, each] of streams.entries()) {
      if (each.events.length === 0 || states[index] === NO_EVENTS) continue;
      const closing = this.statements.of(TAG).get(closingTag(each.stream)) as { position: number } | undefined;
      if (closing) return refusedStream(each, closing.position);
    }
    for (const [index, each] of streams.entries()) {
      const actual = states[index]!.version;
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
      recorded_at: number | null;
    };
    this.position = head.position ?? 0;
    this.now = Math.max(head.now, head.recorded_at ?? 0);
  }

  private readCommand({ id }: PreparedCommand): CommandRow | undefined {
    this.statements.of(FORGET).run(id, this.now);
    return this.statements.of(COMMAND).get(id) as CommandRow | undefined;
  }

  private readStream({ stream }: PreparedStream): StreamState {
    return (this.statements.of(STREAM).get(stream) as StreamState | undefined) ?? NO_EVENTS;
  }

  private storeEvents({ stream, partition, events }: PreparedStream, before: number): void {
    const insert = this.statements.of(STORE_EVENT);
    for (const [index, event] of events.entries()) {
      this.position += 1;
      insert.run(
        this.position,
        stream,
        before + index + 1,
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
      for (const tag of event.tags) this.statements.of(STORE_TAG).run(tag, this.position);
    }
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
