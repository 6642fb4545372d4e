import { Injectable } from '@nestjs/common';
import { EventLog } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { isStreamName } from '../event-log/stream-name.js';
import { EventSerializer } from '../events/event-serializer.js';
import { type AggregateClass, describeAggregate, streamOf } from './aggregate.decorator.js';
import { VersionNotFoundError } from './aggregate.errors.js';

/** A version, or a moment (inclusive); neither means now. */
export interface Moment {
  /** Version of the stream, from 1. */
  readonly version?: number;
  readonly at?: Date;
}

/** The past of one aggregate, read from the log. */
@Injectable()
export class StreamHistory {
  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
  ) {}

  /**
   * Hands over every event up to the moment, oldest first; undefined for one that is dropped.
   * @throws the aggregate's `notFound` error; VersionNotFoundError when it exists, and was never so
   */
  async replay<E extends object>(
    aggregateClass: AggregateClass,
    id: string,
    { version, at }: Moment,
    visit: (event: E | undefined, recorded: RecordedEvent) => void,
  ): Promise<void> {
    const stream = existingName(aggregateClass, id);
    // Otherwise everything would be read before it is known that the version does not exist.
    if (version !== undefined) await this.refuseMissing(aggregateClass, id, version);
    let last = 0;
    for await (const recorded of this.log.readStream(stream, { toVersion: version, until: at })) {
      visit(this.serializer.fromRecorded<E>(recorded), recorded);
      last = recorded.version;
    }
    if (last > 0 && (version === undefined || last === version)) return;
    const { category, notFound } = describeAggregate(aggregateClass);
    if (at !== undefined && (last > 0 || (await this.log.findStream(stream))))
      throw VersionNotFoundError.of(category, { version, at });
    throw notFound(id);
  }

  private async refuseMissing(aggregateClass: AggregateClass, id: string, version: number): Promise<void> {
    const found = await this.log.findStream(streamOf(aggregateClass, id));
    const { category, notFound } = describeAggregate(aggregateClass);
    if (!found) throw notFound(id);
    if (version > found.version || version < 1) throw VersionNotFoundError.of(category, { version });
  }

  /** Folds the events up to the moment into any state. Throws as `replay` does. */
  async fold<S, E extends object>(
    aggregateClass: AggregateClass,
    id: string,
    moment: Moment,
    step: (state: S | undefined, event: E, recorded: RecordedEvent) => S,
  ): Promise<S> {
    let state: S | undefined;
    await this.replay<E>(aggregateClass, id, moment, (event, recorded) => {
      if (event) state = step(state, event, recorded);
    });
    return state as S;
  }

  /**
   * A page of the aggregate's events, oldest first, as they stand in the log.
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

/**
 * The name of the aggregate's stream.
 * @throws the aggregate's `notFound` error when no stream can have it, as with an id from outside that is too long
 */
function existingName(aggregateClass: AggregateClass, id: string): string {
  const stream = streamOf(aggregateClass, id);
  if (!isStreamName(stream)) throw describeAggregate(aggregateClass).notFound(id);
  return stream;
}
