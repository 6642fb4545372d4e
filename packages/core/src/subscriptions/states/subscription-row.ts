import type { RangeRow } from '../ranges/range-row.js';

/** Owner, in the row of state, of a subscription that is split between nodes. Its ranges have the owners. */
export const SPLIT = 'split';

/** A row of state, with parsed values. */
export interface SubscriptionRow {
  readonly name: string;
  readonly version: number;
  /** Stored types of the events that it counts; undefined in a row that was made before they were stored. */
  readonly types: readonly string[] | undefined;
  /** Stored types that some version of the program handles; undefined until a process has declared its own. */
  readonly declaredTypes: readonly string[] | undefined;
  readonly logId: string;
  readonly startPosition: number;
  readonly position: number;
  /** The last event that was handled, if any. */
  readonly eventId: string | null;
  readonly handled: number;
  /** Parked events after `startPosition`; of a row that was read with `list`, all of them. */
  readonly parked: number;
  /** Includes those from before the count began. */
  readonly discarded: number;
  readonly owner: string | null;
  readonly epoch: number;
  readonly halted: 'paused' | 'stopped' | null;
  readonly lastError: string | null;
  readonly attemptPosition: number | null;
  readonly attempts: number;
  /** Number of stops after an error since the last progress. */
  readonly restarts: number;
  /** After how long it starts again by itself, in ms; 0 or less when that is due, null when it does not. */
  readonly restartIn: number | null;
  /** The same as a time of the database's clock. */
  readonly restartAt: Date | null;
  /** Whether it has no owner, or its owner's lease has expired. */
  readonly isFree: boolean;
  /** For how long its lease has been over, in ms; less than 0 while it has one, null when that is not known. */
  readonly freeFor: number | null;
  /** Name of the subscription that has taken over from this one; always null for read models. */
  readonly successor: string | null;
  /**
   * The ranges between which it is split, in order; none while it runs as one. Then the counts are those up to the split, unless
   * the row was read with `list`, which adds those of the ranges.
   */
  readonly ranges: readonly RangeRow[];
  /** Always null for side effects. */
  readonly rebuild: 'requested' | 'running' | 'failed' | null;
  readonly rebuildDryRun: boolean;
  readonly rebuildPlan: string | null;
  readonly rebuildPosition: number;
  readonly rebuildEventId: string | null;
  readonly rebuildHandled: number;
  readonly rebuildDeaths: number;
  readonly rebuildStartedAt: Date | null;
  readonly rebuildError: string | null;
  readonly rebuildReport: string | null;
}

/** What its owner has to know of a row of state. */
export type LeasedRow = Pick<SubscriptionRow, 'name' | 'owner' | 'epoch' | 'halted' | 'ranges' | 'rebuild'>;

/** Columns as the databases return them; PostgreSQL's 64-bit integers may be strings. */
export type Columns = Readonly<Record<string, string | number | boolean | null | undefined>>;

export function subscriptionRow(columns: Columns): SubscriptionRow {
  return {
    name: columns.name as string,
    version: Number(columns.version),
    types: listOf(columns.types),
    declaredTypes: listOf(columns.declared_types),
    logId: columns.log_id as string,
    startPosition: Number(columns.start_position),
    position: Number(columns.position),
    eventId: columns.event_id as string | null,
    handled: Number(columns.handled),
    parked: Number(columns.parked) + Number(columns.parked_before ?? 0),
    discarded: Number(columns.discarded),
    owner: columns.owner as string | null,
    epoch: Number(columns.epoch),
    halted: haltedIn(columns),
    lastError: columns.last_error as string | null,
    attemptPosition: numberOrNull(columns.attempt_position),
    attempts: Number(columns.attempts),
    restarts: Number(columns.restarts),
    restartIn: numberOrNull(columns.restart_in),
    restartAt: dateOrNull(columns.restart_at),
    isFree: Boolean(columns.is_free),
    freeFor: numberOrNull(columns.free_for),
    successor: (columns.successor ?? null) as string | null,
    ranges: [],
    rebuild: rebuildIn(columns),
    rebuildDryRun: Number(columns.rebuild_dry_run ?? 0) === 1,
    rebuildPlan: (columns.rebuild_plan ?? null) as string | null,
    rebuildPosition: Number(columns.rebuild_position ?? 0),
    rebuildEventId: (columns.rebuild_event_id ?? null) as string | null,
    rebuildHandled: Number(columns.rebuild_handled ?? 0),
    rebuildDeaths: Number(columns.rebuild_deaths ?? 0),
    rebuildStartedAt: dateOrNull(columns.rebuild_started_at),
    rebuildError: (columns.rebuild_error ?? null) as string | null,
    rebuildReport: (columns.rebuild_report ?? null) as string | null,
  };
}

export function rebuildIn({ rebuild }: Columns): SubscriptionRow['rebuild'] {
  return (rebuild ?? null) as SubscriptionRow['rebuild'];
}

/** Whether a rebuild is due or runs. Then one node runs the read model, because its tables are replaced as one. */
export function isRebuilding({ rebuild }: Pick<SubscriptionRow, 'rebuild'>): boolean {
  return rebuild === 'requested' || rebuild === 'running';
}

type Value = Columns[string];

function listOf(value: Value): string[] | undefined {
  return value ? (JSON.parse(value as string) as string[]) : undefined;
}

export function numberOrNull(value: Value): number | null {
  return value === null || value === undefined ? null : Number(value);
}

export function dateOrNull(value: Value): Date | null {
  return value ? new Date(Number(value)) : null;
}

/** A split subscription is halted for versions that know of no ranges, and only for them. */
export function haltedIn({ halted }: Columns): SubscriptionRow['halted'] {
  return halted === SPLIT ? null : (halted as SubscriptionRow['halted']);
}
