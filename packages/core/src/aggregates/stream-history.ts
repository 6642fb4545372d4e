import { Injectable } from '@nestjs/common';
import { EventLog } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import { type AggregateClass, describeAggregate } from './aggregate.decorator.js';
import { existingName, type Moment, reachOf } from './moment.js';
import { type KeptFold, Snapshots } from './snapshots.js';

/** Reads the history of one aggregate from the log. */
@Injectable()
export class StreamHistory {
  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
    private readonly snapshots: Snapshots,
  ) {}

  /**
   * Calls back with every event up to the moment, oldest first; with undefined for a dropped event, and several times for
   * one that an upcaster splits.
   * @throws the aggregate's `notFound` error; VersionNotFoundError when it exists but never had that version
   */
  async replay<E extends object>(
    aggregateClass: AggregateClass,
    id: string,
    moment: Moment,
    visit: (event: E | undefined, recorded: RecordedEvent) => void,
  ): Promise<void> {
    const { stream, version } = await reachOf(this.log, aggregateClass, id, moment);
    let found = false;
    for await (const recorded of this.log.readStream(stream, { toVersion: version })) {
      const events = this.serializer.eventsOf<E>(recorded);
      for (const event of events.length > 0 ? events : [undefined]) visit(event, recorded);
      found = true;
    }
    if (!found) throw describeAggregate(aggregateClass).notFound(id);
  }

  /**
   * Folds the events up to the moment into any state. Throws as `replay` does.
   * @param kept stores states of long streams as snapshots, in plain JSON, so that the next fold of the stream starts
   * from one
   */
  async fold<S extends object, E extends object>(
    aggregateClass: AggregateClass,
    id: string,
    moment: Moment,
    step: (state: S | undefined, event: E, recorded: RecordedEvent) => S,
    kept?: KeptFold,
  ): Promise<S> {
    const { stream, version: toVersion, end } = await reachOf(this.log, aggregateClass, id, moment);
    const key = kept && this.snapshots.keyOf(aggregateClass, id, kept);
    const snapshot = key && (await this.snapshots.find(key, toVersion));
    let state = snapshot?.state as S | undefined;
    const from = state && snapshot ? snapshot.version : 0;
    for await (const recorded of this.log.readStream(stream, { fromVersion: from + 1, toVersion })) {
      for (const event of this.serializer.eventsOf<E>(recorded)) state = step(state, event, recorded);
      const isKept = end !== undefined && this.snapshots.isKept(recorded.version, end);
      const taken = state;
      if (key && taken && isKept) this.snapshots.take(key, recorded, () => taken);
    }
    if (!state && !(await this.log.findStream(stream))) throw describeAggregate(aggregateClass).notFound(id);
    return state as S;
  }

  /**
   * A page of the aggregate's events, oldest first, as stored in the log.
   * @throws the aggregate's `notFound` error
   */
  async page(
    aggregateClass: AggregateClass,
    id: string,
    options: { afterVersion: number; limit: number },
  ): Promise<RecordedEvent[]> {
    const stream = existingName(aggregateClass, id);
    const events: RecordedEvent[] = [];
    const { afterVersion, limit } = options;
    const fromVersion = Math.min(afterVersion + 1, Number.MAX_SAFE_INTEGER);
    for await (const event of this.log.readStream(stream, { fromVersion, limit })) events.push(event);
    if (events.length === 0 && !(await this.log.findStream(stream)))
      throw describeAggregate(aggregateClass).notFound(id);
    return events;
  }
}
