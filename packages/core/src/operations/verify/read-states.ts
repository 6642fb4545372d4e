import type { DataSource } from 'typeorm';
import type { Databases } from '../../databases/databases.js';
import { select } from '../../databases/execute.js';

/** A row of state, with the related values from other rows, all read at the same moment. */
export interface CheckedState {
  readonly kind: 'read model' | 'subscription';
  readonly name: string;
  /**
   * Stored types that it counts. Null in a row that was made before they were stored; `unreadable` if they are no JSON
   * list.
   */
  readonly types: readonly string[] | null | 'unreadable';
  readonly logId: string;
  readonly startPosition: number;
  readonly position: number;
  readonly eventId: string | null;
  readonly handled: number;
  readonly parked: number;
  readonly discarded: number;
  /** Those of the discarded events that are not after `startPosition`. */
  readonly discardedBefore: number;
  /** Events parked by the ranges between which it is split; the other counts are those up to the split. */
  readonly parkedByRanges: number;
  /** Number of rows in `parked_events` after `startPosition`, which `parked` and `parkedByRanges` should equal together. */
  readonly storedParked: number;
}

type Columns = Readonly<Record<string, string | number | null>>;

const COLUMNS = 's.name, s.types, s.log_id, s.start_position, s.position, s.event_id, s.handled, s.parked, s.discarded';
const PARKED_BY_RANGES = `(select coalesce(sum(r.parked), 0) from leftfold_subscription_ranges r where r.subscription = s.name)`;
const STORED_PARKED = `(select count(*) from leftfold_parked_events p where p.subscription = s.name and p.position > s.start_position)`;

/** The rows of state of both databases. One statement reads each row, so its values belong to the same moment. */
export async function readStates({ events, views }: Databases): Promise<readonly CheckedState[]> {
  return [
    // A read model parks no events: its database has no table for them.
    ...(await read(
      views.read,
      'read model',
      `select ${COLUMNS}, 0 as discarded_before, 0 as parked_by_ranges, 0 as stored_parked from leftfold_read_models s order by s.name`,
    )),
    ...(await read(
      events.read,
      'subscription',
      `select ${COLUMNS}, s.discarded_before, ${PARKED_BY_RANGES} as parked_by_ranges, ${STORED_PARKED} as stored_parked from leftfold_subscriptions s order by s.name`,
    )),
  ];
}

async function read(from: DataSource, kind: CheckedState['kind'], sql: string): Promise<CheckedState[]> {
  const rows = await select<Columns>(from, sql, []);
  return rows.map((row) => ({
    kind,
    name: String(row.name),
    types: typesIn(row.types as string | null),
    logId: String(row.log_id),
    startPosition: Number(row.start_position),
    position: Number(row.position),
    eventId: row.event_id as string | null,
    handled: Number(row.handled),
    parked: Number(row.parked),
    discarded: Number(row.discarded),
    discardedBefore: Number(row.discarded_before),
    parkedByRanges: Number(row.parked_by_ranges),
    storedParked: Number(row.stored_parked),
  }));
}

function typesIn(text: string | null): CheckedState['types'] {
  if (text === null) return null;
  try {
    const types: unknown = JSON.parse(text);
    return Array.isArray(types) && types.every((type) => typeof type === 'string') ? types : 'unreadable';
  } catch {
    // The check of the count reports it.
    return 'unreadable';
  }
}
