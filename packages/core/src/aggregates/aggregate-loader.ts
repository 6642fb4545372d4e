import { Injectable } from '@nestjs/common';
import { EventLog } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { isStreamName } from '../event-log/stream-name.js';
import { EventSerializer } from '../events/event-serializer.js';
import { KERNEL } from './aggregate-root.js';
import { type AggregateClass, type AnyAggregate, streamOf } from './aggregate.decorator.js';
import { Snapshots } from './snapshots.js';
import { type Moment, StreamHistory } from './stream-history.js';

/** Folds aggregates from their events, from a snapshot on where there is one, and has snapshots taken. */
@Injectable()
export class AggregateLoader {
  /** Version of the snapshot that an aggregate came from, or that was taken of it. */
  private readonly lastSnapshots = new WeakMap<AnyAggregate, number>();

  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
    private readonly history: StreamHistory,
    private readonly snapshots: Snapshots,
  ) {}

  /** @throws the aggregate's `notFound` error; VersionNotFoundError when it exists, and was never so */
  async load<A extends AnyAggregate>(aggregateClass: AggregateClass<A>, id: string, moment: Moment): Promise<A> {
    return (await this.resume(aggregateClass, id, moment)) ?? this.replay(aggregateClass, id, moment);
  }

  /** What the aggregate decided has been stored, as events up to this version. */
  stored(aggregate: AnyAggregate, version: number, eventId: string): void {
    const lastSnapshot = this.lastSnapshots.get(aggregate) ?? 0;
    this.snapshots.offer(aggregate.constructor as AggregateClass, aggregate, { version, eventId, lastSnapshot });
  }

  private async replay<A extends AnyAggregate>(
    aggregateClass: AggregateClass<A>,
    id: string,
    moment: Moment,
  ): Promise<A> {
    const aggregate = new aggregateClass(id);
    let last: RecordedEvent | undefined;
    await this.history.replay(aggregateClass, id, moment, (event, recorded) => {
      aggregate[KERNEL].replay(event, recorded.version, recorded.position);
      last = recorded;
    });
    this.offerSnapshot(aggregateClass, aggregate, 0, last?.eventId);
    return aggregate;
  }

  /** The shorter way: from a snapshot. Undefined when there is none, or it does not fit to the stream. */
  private async resume<A extends AnyAggregate>(
    aggregateClass: AggregateClass<A>,
    id: string,
    { version, at }: Moment,
  ): Promise<A | undefined> {
    const stream = streamOf(aggregateClass, id);
    const snapshot = at || !isStreamName(stream) ? undefined : await this.snapshots.find(aggregateClass, id);
    if (!snapshot || (version ?? Infinity) < snapshot.version) return undefined;
    const aggregate = new aggregateClass(id);
    const { restore, replay } = aggregate[KERNEL];
    try {
      restore(snapshot.state);
    } catch {
      // Of another shape than its version says: the events tell the same, and a new one replaces it.
      return undefined;
    }
    let last: RecordedEvent | undefined;
    const range = { fromVersion: snapshot.version, toVersion: version };
    for await (const recorded of this.log.readStream(stream, range)) {
      // The first is the last that the snapshot includes. A snapshot ahead of the log, or of another one, has none.
      if (!last && recorded.eventId !== snapshot.eventId) return undefined;
      replay(last && this.serializer.fromRecorded(recorded), recorded.version, recorded.position);
      last = recorded;
    }
    if (!last || (version !== undefined && last.version !== version)) return undefined;
    this.offerSnapshot(aggregateClass, aggregate, snapshot.version, last.eventId);
    return aggregate;
  }

  private offerSnapshot(
    aggregateClass: AggregateClass,
    aggregate: AnyAggregate,
    lastSnapshot: number,
    eventId: string | undefined,
  ): void {
    const { version } = aggregate;
    const taken = eventId && this.snapshots.offer(aggregateClass, aggregate, { version, eventId, lastSnapshot });
    this.lastSnapshots.set(aggregate, taken ? version : lastSnapshot);
  }
}
