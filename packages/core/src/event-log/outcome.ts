import { type JsonValue, decodeJson } from '../events/json.js';
import { ConcurrencyError, ConditionNotMetError, EventIdTakenError, StreamClosedError } from './event-log.errors.js';
import type { AppendResult } from './event-log.js';
import type { PreparedAppend, PreparedStream } from './prepared-append.js';

type Refusal = ConcurrencyError | ConditionNotMetError | EventIdTakenError | StreamClosedError;

/** Outcome of one append of a batch. */
export type Outcome =
  { readonly kind: 'stored'; readonly result: AppendResult } | { readonly kind: 'refused'; readonly error: Refusal };

/** A row of `commands` as both databases return it. */
export interface CommandRow {
  readonly command_id: string;
  readonly position: number | string;
  readonly versions: string;
  readonly result: string | null;
  readonly fingerprint: string | null;
  readonly recorded_at: number | string;
}

/** Columns of a row of `commands`, in the order of `commandRowOf`. */
export const COMMAND_COLUMNS = 'command_id, position, versions, result, fingerprint, recorded_at';

export function commandRowOf(values: readonly unknown[]): CommandRow {
  const [command_id, position, versions, result, fingerprint, recorded_at] = values as readonly [
    string,
    number | string,
    string,
    string | null,
    string | null,
    number | string,
  ];
  return { command_id, position, versions, result, fingerprint, recorded_at };
}

/**
 * Versions by stream, to be filled. Each name is a new one, for which V8 would make a hidden class; an object that began
 * without a prototype has none.
 */
export function emptyVersions(): Record<string, number> {
  return Object.setPrototypeOf(Object.create(null), Object.prototype) as Record<string, number>;
}

/** The command id was already stored: returns the first outcome again. */
export function repeatedOutcome(row: CommandRow): Outcome {
  return { kind: 'stored', result: repeatedResult(row) };
}

export function repeatedResult(row: CommandRow): AppendResult {
  return {
    position: Number(row.position),
    versions: decodeJson<Record<string, number>>(row.versions),
    recordedAt: new Date(Number(row.recorded_at)),
    repeated: true,
    result: row.result === null ? undefined : decodeJson<JsonValue>(row.result),
    fingerprint: row.fingerprint ?? undefined,
  };
}

export function storedOutcome(
  append: PreparedAppend,
  position: number,
  versions: Record<string, number>,
  recordedAt: number,
): Extract<Outcome, { kind: 'stored' }> {
  const result = append.command?.result;
  return {
    kind: 'stored',
    result: {
      position,
      versions,
      recordedAt: new Date(recordedAt),
      repeated: false,
      result: result === undefined || result === null ? undefined : decodeJson<JsonValue>(result),
      fingerprint: append.command?.fingerprint ?? undefined,
    },
  };
}

/** How many events the batch stored. */
export function storedEvents(batch: readonly PreparedAppend[], outcomes: readonly Outcome[]): number {
  let events = 0;
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.kind === 'stored' && !outcome.result.repeated) events += batch[index]!.eventCount;
  }
  return events;
}

/**
 * An append without events stores only its command id. If that is found after a reply was lost, and its content equals
 * this append, it counts as stored by this append.
 */
export function asOwn(append: PreparedAppend, outcome: Outcome): Outcome {
  if (outcome.kind === 'refused' || append.eventCount > 0) return outcome;
  const { position, versions, recordedAt, result, fingerprint } = outcome.result;
  const own = storedOutcome(append, position, versions, recordedAt.getTime());
  const same =
    own.result.fingerprint === fingerprint &&
    JSON.stringify(own.result.result) === JSON.stringify(result) &&
    append.streams.every((each) => each.stream in versions && meetsExpectation(each, versions[each.stream]!)) &&
    Object.keys(versions).length === append.streams.length;
  return same ? own : outcome;
}

export function refusedVersion(stream: PreparedStream, actual: number): Outcome {
  return { kind: 'refused', error: new ConcurrencyError(stream.stream, stream.expected, actual) };
}

export function refusedStream({ stream }: PreparedStream, position: number): Outcome {
  return { kind: 'refused', error: new StreamClosedError(stream, position) };
}

export function refusedCondition(position: number): Outcome {
  return { kind: 'refused', error: new ConditionNotMetError(position) };
}

export function refusedEventId(eventId: string, position: number): Outcome {
  return { kind: 'refused', error: new EventIdTakenError(eventId, position) };
}

export function meetsExpectation(stream: Pick<PreparedStream, 'expected'>, actual: number): boolean {
  switch (stream.expected) {
    case 'any':
      return true;
    case 'no-stream':
      return actual === 0;
    case 'stream-exists':
      return actual > 0;
    default:
      return actual === stream.expected;
  }
}
