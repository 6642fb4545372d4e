import type { EntityManager } from 'typeorm';
import {
  type CommandRow,
  type Outcome,
  meetsExpectation,
  refusedCondition,
  refusedStream,
  refusedVersion,
  repeatedOutcome,
  storedOutcome,
} from '../outcome.js';
import { CLOSED, type PreparedAppend, type PreparedEvent } from '../prepared-append.js';
import { matchingPositions } from '../matching-positions.js';
import { insertRows } from './insert-rows.js';
import { SQLITE } from '../../databases/dialects/sqlite.dialect.js';

interface StreamState {
  readonly version: number;
  readonly position: number;
  /** Position of the event that closed it, if one did. */
  readonly closedAt: number | null;
}

const EVENT_COLUMNS = [
  'position',
  'stream',
  'version',
  'event_id',
  'type',
  'schema_version',
  'data',
  'metadata',
  'actor',
  'correlation_id',
  'recorded_at',
  'partition',
];

/** The appends of one transaction. */
export class SqliteBatch {
  private readonly commands = new Map<string, CommandRow>();
  private readonly streams = new Map<string, StreamState>();

  constructor(private readonly manager: EntityManager) {}

  async store(batch: readonly PreparedAppend[]): Promise<Outcome[]> {
    const head = await this.readHead();
    await this.readCommands(batch, head.now);
    await this.readStreams(batch);
    const eventRows: unknown[][] = [];
    const tagRows: unknown[][] = [];
    const commandRows: unknown[][] = [];
    const outcomes: Outcome[] = [];
    let position = head.position;
    for (const append of batch) {
      const refused = await this.judge(append);
      if (refused) {
        outcomes.push(refused);
        continue;
      }
      const versions: Record<string, number> = {};
      let lastPosition = 0;
      for (const { stream, partition, events } of append.streams) {
        const state = this.streams.get(stream);
        let version = state?.version ?? 0;
        lastPosition = Math.max(lastPosition, state?.position ?? 0);
        for (const event of events) {
          position += 1;
          version += 1;
          eventRows.push(eventRow(event, position, stream, version, head.now, partition));
          for (const tag of event.tags) tagRows.push([tag, position]);
        }
        versions[stream] = version;
      }
      if (append.eventCount > 0) lastPosition = position;
      if (append.command) {
        const { id, result, fingerprint, keepFor } = append.command;
        const expiresAt = keepFor === null ? null : head.now + keepFor;
        commandRows.push([id, lastPosition, JSON.stringify(versions), result, fingerprint, expiresAt, head.now]);
      }
      outcomes.push(storedOutcome(append, lastPosition, versions, head.now));
    }
    await insertRows(this.manager, 'leftfold_events', EVENT_COLUMNS, eventRows);
    await insertRows(this.manager, 'leftfold_event_tags', ['tag', 'position'], tagRows);
    await insertRows(
      this.manager,
      'leftfold_commands',
      ['command_id', 'position', 'versions', 'result', 'fingerprint', 'expires_at', 'recorded_at'],
      commandRows,
    );
    return outcomes;
  }

  private async judge(append: PreparedAppend): Promise<Outcome | undefined> {
    const repeated = append.command && this.commands.get(append.command.id);
    if (repeated) return repeatedOutcome(repeated);
    for (const stream of append.streams) {
      const closedAt = this.streams.get(stream.stream)?.closedAt;
      if (closedAt && stream.events.length > 0) return refusedStream(stream, closedAt);
    }
    for (const stream of append.streams) {
      const actual = this.streams.get(stream.stream)?.version ?? 0;
      if (!meetsExpectation(stream, actual)) return refusedVersion(stream, actual);
    }
    if (!append.condition) return undefined;
    const { items, after } = append.condition;
    if (items.length === 0) return undefined;
    const range = { after, upTo: Number.MAX_SAFE_INTEGER };
    const { sql, parameters } = matchingPositions(SQLITE, items, range, 1);
    const [against] = await this.manager.query<{ position: number }[]>(sql, [...parameters]);
    return against && refusedCondition(against.position);
  }

  /** The last position, and the time for this batch: by the clock, but never before the time of the last event. */
  private async readHead(): Promise<{ position: number; now: number }> {
    const [head] = await this.manager.query<{ now: number; position: number | null; recorded_at: number | null }[]>(
      `select cast(unixepoch('subsec') * 1000 as integer) as now, h.position, h.recorded_at
         from (select 1) left join (select position, recorded_at from leftfold_events order by position desc limit 1) h`,
    );
    return { position: head!.position ?? 0, now: Math.max(head!.now, head!.recorded_at ?? 0) };
  }

  private async readCommands(batch: readonly PreparedAppend[], now: number): Promise<void> {
    const ids = batch.flatMap((append) => (append.command ? [append.command.id] : []));
    if (ids.length === 0) return;
    await this.manager.query(
      'delete from leftfold_commands where command_id in (select value from json_each(?)) and expires_at < ?',
      [JSON.stringify(ids), now],
    );
    const rows = await this.manager.query<CommandRow[]>(
      'select * from leftfold_commands where command_id in (select value from json_each(?))',
      [JSON.stringify(ids)],
    );
    for (const row of rows) this.commands.set(row.command_id, row);
  }

  private async readStreams(batch: readonly PreparedAppend[]): Promise<void> {
    const names = batch.flatMap((append) => append.streams.map((each) => each.stream));
    const rows = await this.manager.query<({ stream: string } & StreamState)[]>(
      `select e.stream, e.version, e.position,
              (select t.position from leftfold_event_tags t where t.tag = '${CLOSED}' || e.stream limit 1) as closedAt
         from json_each(?) j
         join leftfold_events e on e.stream = j.value and e.version = (select max(version) from leftfold_events where stream = j.value)`,
      [JSON.stringify(names)],
    );
    for (const row of rows) this.streams.set(row.stream, row);
  }
}

function eventRow(
  event: PreparedEvent,
  position: number,
  stream: string,
  version: number,
  recordedAt: number,
  partition: number,
): unknown[] {
  return [
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
    recordedAt,
    partition,
  ];
}
