import { dateOrNull, numberOrNull } from '../states/subscription-row.js';
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
  'restarts',
  'restart_at',
];

const COMPUTED = ['is_free', 'restart_in', 'free_for'] as const;

/**
 * The columns of the table alias `r` in a query that joins it, under names of their own.
 * @param computed SQL of the columns that are no columns of the table
 */
export function joinedColumns(computed: Readonly<Record<(typeof COMPUTED)[number], string>>): string {
  const stored = NAMES.map((name) => `r.${name} as range_${name}`);
  return [...stored, ...COMPUTED.map((name) => `${computed[name]} as range_${name}`)].join(', ');
}

/** The range in a row of a query with `joinedColumns`, if there is one. */
export function joinedRange(columns: RangeColumns): RangeRow | undefined {
  if (columns.range_epoch === null) return undefined;
  return rangeRow(Object.fromEntries([...NAMES, ...COMPUTED].map((name) => [name, columns[`range_${name}`]!])));
}

/** A row of `leftfold_subscription_ranges`, with the computed columns. */
export function rangeRow(columns: RangeColumns): RangeRow {
  return {
    first: Number(columns.first_partition),
    last: Number(columns.last_partition),
    position: Number(columns.position),
    done: columns.done ? (JSON.parse(columns.done as string) as DonePart[]) : [],
    owner: columns.owner as string | null,
    epoch: Number(columns.epoch),
    isFree: Boolean(columns.is_free),
    restartAt: dateOrNull(columns.restart_at),
    restartIn: numberOrNull(columns.restart_in),
    freeFor: numberOrNull(columns.free_for),
    progress: {
      handled: Number(columns.handled),
      parked: Number(columns.parked),
      eventId: columns.event_id as string | null,
      lastError: columns.last_error as string | null,
      attemptPosition: numberOrNull(columns.attempt_position),
      attempts: Number(columns.attempts),
      restarts: Number(columns.restarts),
    },
  };
}
