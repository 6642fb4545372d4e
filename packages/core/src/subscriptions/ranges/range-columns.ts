import type { DonePart, RangeRow } from './range-row.js';

/** Columns as the databases return them; PostgreSQL's 64-bit integers may be strings. */
export type RangeColumns = Readonly<Record<string, string | number | boolean | null>>;

const NAMES = [
  'first_partition',
  'last_partition',
  'position',
  'done',
  'owner',
  'epoch',
  'handled',
  'parked',
  'event_id',
  'last_error',
  'attempt_position',
  'attempts',
];

/** The columns of the table alias `r` in a query that joins it, under names of their own. */
export function joinedColumns(isFree: string): string {
  return [...NAMES.map((name) => `r.${name} as range_${name}`), `${isFree} as range_is_free`].join(', ');
}

/** The range in a row of a query with `joinedColumns`, if there is one. */
export function joinedRange(columns: RangeColumns): RangeRow | undefined {
  if (columns.range_epoch === null) return undefined;
  return rangeRow(Object.fromEntries([...NAMES, 'is_free'].map((name) => [name, columns[`range_${name}`]!])));
}

/** A row of `leftfold_subscription_ranges`, with its column `is_free`. */
export function rangeRow(columns: RangeColumns): RangeRow {
  return {
    first: Number(columns.first_partition),
    last: Number(columns.last_partition),
    position: Number(columns.position),
    done: columns.done ? (JSON.parse(columns.done as string) as DonePart[]) : [],
    owner: columns.owner as string | null,
    epoch: Number(columns.epoch),
    isFree: Boolean(columns.is_free),
    progress: {
      handled: Number(columns.handled),
      parked: Number(columns.parked),
      eventId: columns.event_id as string | null,
      lastError: columns.last_error as string | null,
      attemptPosition: columns.attempt_position === null ? null : Number(columns.attempt_position),
      attempts: Number(columns.attempts),
    },
  };
}
