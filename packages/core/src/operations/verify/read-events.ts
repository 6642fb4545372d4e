import type { DataSource } from 'typeorm';
import { select } from '../../databases/execute.js';

/** The checked columns of an event. */
export interface CheckedEvent {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly type: string;
  /** Milliseconds since 1970, UTC. */
  readonly recordedAt: number;
  readonly partition: number;
  /** Position of the previous version in the same stream, if the log has it. */
  readonly previous: number | undefined;
}

export interface LogExtent {
  /** The lowest position; undefined when the log is empty. */
  readonly first: number | undefined;
  /** The highest position; 0 when the log is empty. */
  readonly head: number;
  /** Identities of the log; there must be exactly one. */
  readonly ids: readonly string[];
}

/** PostgreSQL returns 64-bit integers as strings. */
type Columns = Readonly<Record<string, string | number | null>>;

export async function readExtent(events: DataSource): Promise<LogExtent> {
  const [row] = await select<Columns>(
    events,
    'select (select min(position) from leftfold_events) as first, (select max(position) from leftfold_events) as head',
    [],
  );
  const ids = await select<Columns>(events, 'select log_id from leftfold_event_log order by created_at', []);
  return {
    first: row!.first === null ? undefined : Number(row!.first),
    head: Number(row!.head),
    ids: ids.map((each) => String(each.log_id)),
  };
}

/** The events from position 1 to the head, in ranges of `size`. */
export async function* readRanges(
  events: DataSource,
  head: number,
  size: number,
): AsyncGenerator<readonly CheckedEvent[]> {
  for (let after = 0; after < head;) {
    // Continues after the last position read, not in even steps: a gap may be as wide as the whole range of positions.
    // A scalar subquery can't become a join that reads the whole table.
    const rows = await select<Columns>(
      events,
      `select e.position, e.stream, e.version, e.type, e.recorded_at, e.partition,
              (select max(p.position) from leftfold_events p where p.stream = e.stream and p.version = e.version - 1) as previous
         from leftfold_events e where e.position > ? and e.position <= ? order by e.position limit ?`,
      [after, head, size],
    );
    if (rows.length === 0) return;
    yield rows.map(checkedEvent);
    after = Number(rows.at(-1)!.position);
  }
}

function checkedEvent(row: Columns): CheckedEvent {
  return {
    position: Number(row.position),
    stream: String(row.stream),
    version: Number(row.version),
    type: String(row.type),
    recordedAt: Number(row.recorded_at),
    partition: Number(row.partition),
    previous: row.previous === null ? undefined : Number(row.previous),
  };
}
