import { KERNEL } from '../aggregates/aggregate-root.js';
import type { AnyAggregate } from '../aggregates/aggregate.decorator.js';
import { InvalidAppendError } from '../event-log/event-log.errors.js';
import type { AppendResult, NewEvent, StreamAppend } from '../event-log/event-log.js';
import { newEventId } from '../event-log/new-event-id.js';
import type { EventSerializer } from '../event-log/event-serializer.js';
import type { EventMetadata } from '../events/metadata.js';
import type { AskedChanges } from './changes.js';
import type { Basis, Reach } from './decision-basis.js';

type Identified = NewEvent & { readonly eventId: string };

/** The part of a decision's append that goes to one stream. */
export interface DecidedAppend extends StreamAppend {
  readonly events: readonly Identified[];
}

/**
 * The append of a decision: the new events of its aggregates, each at the version that was read, also where there are
 * none, then those of new aggregates and of other streams.
 */
export function appendsOf(
  { aggregates }: Basis,
  { created, appended }: AskedChanges,
  serializer: EventSerializer,
  metadata: EventMetadata,
): DecidedAppend[] {
  const serialize = (events: readonly object[]): Identified[] =>
    events.map((event) => ({ ...serializer.toNewEvent(event, metadata), eventId: newEventId() }));
  const appends = new Map<string, DecidedAppend>();
  for (const [stream, aggregate] of [...aggregates, ...created]) {
    if (appends.has(stream))
      throw new InvalidAppendError(`${stream} is created, and takes part in the decision already.`);
    const { pending } = aggregate[KERNEL];
    appends.set(stream, { stream, expected: aggregate.version, events: serialize(pending) });
  }
  for (const [stream, events] of appended) {
    const { expected = 'any' as const, events: before = [] } = appends.get(stream) ?? {};
    appends.set(stream, { stream, expected, events: [...before, ...serialize(events)] });
  }
  return [...appends.values()];
}

/** The aggregates that have new events, with the version and id of their last one. */
export function savedAggregates(
  { aggregates }: Basis,
  { created, appended }: AskedChanges,
  appends: readonly DecidedAppend[],
): { aggregate: AnyAggregate; version: number; eventId: string }[] {
  return appends.flatMap(({ stream, events }) => {
    const aggregate = aggregates.get(stream) ?? created.get(stream);
    const last = events.at(-1);
    // An aggregate that did not apply an event of its stream is not in the state of that version.
    if (!aggregate || !last || appended.has(stream)) return [];
    // Nor is one that the handler has changed since it decided.
    if (aggregate[KERNEL].pending.length !== events.length) return [];
    return [{ aggregate, version: aggregate.version + events.length, eventId: last.eventId }];
  });
}

/** The stream whose version the command answers with: that of the first aggregate, or of the first stream written. */
export function firstStreamOf({ streams }: Reach, { versions }: AppendResult): string | undefined {
  const [first] = streams.values();
  return first ?? Object.keys(versions)[0];
}
