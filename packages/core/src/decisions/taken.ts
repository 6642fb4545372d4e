import { AggregateExistsError, VersionConflictError } from '../aggregates/aggregate.errors.js';
import type { CommandScope } from '../commands/command-scope.js';
import { ConcurrencyError, ConditionNotMetError } from '../event-log/event-log.errors.js';
import type { AppendResult } from '../event-log/event-log.js';
import type { JsonValue } from '../events/json.js';
import type { AskedChanges, Changes } from './changes.js';
import type { Basis } from './decision-basis.js';
import type { DecidedAppend } from './new-events.js';
import type { Participants, StatesOf } from './participants.js';

/** What a decision may return. */
export type Result = JsonValue | undefined | void;

export type Decide<P extends Participants, R> = (states: StatesOf<P>, changes: Changes) => R | Promise<R>;

/** A decision that is not stored yet. */
export interface Taken<R = Result> {
  readonly basis: Basis;
  readonly changes: AskedChanges;
  readonly appends: readonly DecidedAppend[];
  readonly result: R;
}

/** A result may be a part of a model's state, which later decisions change. */
export function copyOf<R>(result: R): R {
  return typeof result === 'object' && result !== null ? structuredClone(result) : result;
}

export function refuseOtherVersion(scope: CommandScope | undefined, { aggregates }: Basis): void {
  const expected = scope?.expectedVersion;
  if (expected === undefined) return;
  const [aggregate] = aggregates.values();
  const actual = aggregate?.version ?? 0;
  if (expected !== actual || !aggregate) throw new VersionConflictError(expected, actual);
}

export function isConflict(error: unknown): error is ConcurrencyError | ConditionNotMetError {
  return error instanceof ConcurrencyError || error instanceof ConditionNotMetError;
}

/** Throws for a conflict that deciding again would not resolve. */
export function refuseForGood(
  error: ConcurrencyError | ConditionNotMetError,
  scope: CommandScope | undefined,
  { basis, changes }: Taken,
): void {
  if (!(error instanceof ConcurrencyError)) return;
  const { stream, actual } = error;
  if (changes.created.has(stream)) throw new AggregateExistsError(stream);
  const [first] = basis.aggregates.keys();
  const expected = scope?.expectedVersion;
  if (expected !== undefined && stream === first) throw new VersionConflictError(expected, actual);
}

export function streamsOf({ appends }: Taken): Set<string> {
  return new Set(appends.filter(({ events }) => events.length > 0).map(({ stream }) => stream));
}

export function unchanged({ aggregates, lastPosition }: Basis): AppendResult {
  return {
    position: lastPosition,
    versions: Object.fromEntries([...aggregates].map(([stream, { version }]) => [stream, version])),
    recordedAt: new Date(),
    repeated: false,
    result: undefined,
    fingerprint: undefined,
  };
}
