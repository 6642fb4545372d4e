import { type AggregateClass, type AnyAggregate, streamOf } from '../aggregates/aggregate.decorator.js';
import { InvalidAppendError } from '../event-log/event-log.errors.js';

/** What a decision stores besides the new events of its aggregates. */
export interface Changes {
  /**
   * Appends events to a stream, `<category>-<id>`, whatever its version. What the decision is based on is guarded by its
   * participants.
   */
  append(stream: string, ...events: readonly object[]): void;
  /**
   * Stores a new aggregate, once in a decision. The decision fails with AggregateExistsError when there is one with its
   * id.
   */
  create<A extends AnyAggregate>(aggregateClass: AggregateClass<A>, aggregate: A): void;
}

/** The changes that one attempt of a decision asks for. */
export class AskedChanges implements Changes {
  readonly appended = new Map<string, object[]>();
  readonly created = new Map<string, AnyAggregate>();

  append(stream: string, ...events: readonly object[]): void {
    this.appended.set(stream, [...(this.appended.get(stream) ?? []), ...events]);
  }

  create<A extends AnyAggregate>(aggregateClass: AggregateClass<A>, aggregate: A): void {
    const stream = streamOf(aggregateClass, aggregate.id);
    if (this.created.has(stream)) throw new InvalidAppendError(`${stream} is created twice in one decision.`);
    this.created.set(stream, aggregate);
  }
}
