import type { EventLog } from '../event-log/event-log.js';
import { isStreamName } from '../event-log/stream-name.js';
import { type AggregateClass, describeAggregate, streamOf } from './aggregate.decorator.js';
import { VersionNotFoundError } from './aggregate.errors.js';

/** A version, or a moment in time (inclusive). Neither means now. */
export interface Moment {
  /** Version of the stream, from 1. */
  readonly version?: number;
  readonly at?: Date;
}

/** The part of a stream up to a moment. */
export interface Reach {
  readonly stream: string;
  /** Version at the moment; undefined means now. */
  readonly version: number | undefined;
  /** Last version of the stream; undefined for now, which needs no lookup. */
  readonly end: number | undefined;
}

/**
 * Finds the version for a moment. Reads only the ends of the stream, also when the moment does not exist.
 * @throws the aggregate's `notFound` error; VersionNotFoundError when it exists but never had that version
 */
export async function reachOf(
  log: EventLog,
  aggregateClass: AggregateClass,
  id: string,
  { version, at }: Moment,
): Promise<Reach> {
  const stream = existingName(aggregateClass, id);
  if (version === undefined && at === undefined) return { stream, version, end: undefined };
  const { category, notFound } = describeAggregate(aggregateClass);
  const found = await log.findStream(stream);
  if (!found) throw notFound(id);
  const wanted = Math.min(version ?? Infinity, at ? await versionAt(log, stream, at) : Infinity);
  // With a time, an event may have been stored since the end was read.
  if (wanted < 1 || (version ?? 0) > found.version) throw VersionNotFoundError.of(category, { version, at });
  return { stream, version: wanted, end: Math.max(wanted, found.version) };
}

/**
 * The name of the aggregate's stream.
 * @throws the aggregate's `notFound` error when the id can't be part of a stream name, for example because it is too
 * long
 */
export function existingName(aggregateClass: AggregateClass, id: string): string {
  const stream = streamOf(aggregateClass, id);
  if (!isStreamName(stream)) throw describeAggregate(aggregateClass).notFound(id);
  return stream;
}

async function versionAt(log: EventLog, stream: string, at: Date): Promise<number> {
  for await (const { version } of log.readStream(stream, { until: at, backwards: true, limit: 1 })) return version;
  return 0;
}
