import { isInRange, type PartitionRange, partitionOf } from './partition.js';
import type { RecordedEvent } from './recorded-event.js';

/** Selects events that match all given criteria. */
export interface EventFilter {
  /** Stored event types; the event has one of them. */
  readonly types?: readonly string[];
  /** The part of the stream's name before the first hyphen. */
  readonly category?: string;
  readonly actor?: string;
  readonly correlationId?: string;
  /** Earliest time of recording (inclusive, in whole ms). */
  readonly from?: Date;
  /** Latest time of recording (inclusive, in whole ms). */
  readonly to?: Date;
  /** Partitions of the streams, from 0 to 1023. */
  readonly partitions?: PartitionRange;
}

/** Whether the event matches the filter. */
export function matches(event: RecordedEvent, filter: EventFilter): boolean {
  const { types, category, actor, correlationId, from, to, partitions } = filter;
  return (
    (types === undefined || types.includes(event.type)) &&
    (category === undefined || category === event.category) &&
    (actor === undefined || actor === event.actor) &&
    (correlationId === undefined || correlationId === event.correlationId) &&
    (from === undefined || event.recordedAt >= from) &&
    (to === undefined || event.recordedAt <= to) &&
    (partitions === undefined || isInRange(partitionOf(event.stream), partitions))
  );
}
