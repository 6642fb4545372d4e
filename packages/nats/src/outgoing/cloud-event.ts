import type { RecordedEvent } from '@leftfold/core';

/** Content type of a CloudEvent in structured mode. */
export const CLOUD_EVENT = 'application/cloudevents+json';

/** Digits of the largest safe integer. */
const SEQUENCE_LENGTH = 16;

/**
 * The event as a CloudEvent 1.0 in JSON, structured mode. `data` is the text that is stored, byte for byte, in the form
 * of its `schemaversion`; upcasters are not applied. Attributes of ours: `sequence`, the position in the log, padded so
 * that texts sort like numbers (extension "Sequence"); `streamversion`, `schemaversion`, `correlationid`,
 * `causationid`, and `traceparent` (extension "Distributed Tracing").
 * Source: CloudEvents 1.0.2, JSON Event Format 1.0.2.
 * @param source URI reference of the application; `source` and `id` together name an event
 */
export function cloudEventOf(event: RecordedEvent, source: string): string {
  const { correlationId, causationId, traceparent } = event.metadata;
  const attributes = JSON.stringify({
    specversion: '1.0',
    id: event.eventId,
    source,
    type: event.type,
    subject: event.stream,
    time: event.recordedAt.toISOString(),
    datacontenttype: 'application/json',
    sequence: String(event.position).padStart(SEQUENCE_LENGTH, '0'),
    streamversion: event.version,
    schemaversion: event.schemaVersion,
    correlationid: correlationId,
    causationid: causationId,
    traceparent,
  });
  return `${attributes.slice(0, -1)},"data":${event.dataText}}`;
}
