import { checkId, InvalidIdError, normaliseId } from '../aggregates/aggregate-id.js';
import {
  type AggregateClass,
  type AnyAggregate,
  describeAggregate,
  streamOf,
} from '../aggregates/aggregate.decorator.js';
import { streamNameFlaw } from '../event-log/stream-name.js';
import { InvalidAppendError } from '../event-log/event-log.errors.js';
import { detached } from '../events/own-data.js';

/** What a decision stores besides the new events of its aggregates. */
export interface Changes {
  /**
   * Appends events to a stream, `<category>-<id>`, whatever its version. What the decision is based on is guarded by its
   * participants. The name is converted to Unicode normal form C.
   * @throws InvalidIdError when that is no name of a stream; Error when the decision is over
   */
  append(stream: string, ...events: readonly object[]): void;
  /**
   * Stores a new aggregate, once in a decision. The decision fails with AggregateExistsError when there is one with its
   * id.
   * @throws InvalidIdError; Error when the decision is over
   */
  create<A extends AnyAggregate>(aggregateClass: AggregateClass<A>, aggregate: A): void;
}

/** The changes that one attempt of a decision asks for. */
export class AskedChanges implements Changes {
  readonly appended = new Map<string, object[]>();
  readonly created = new Map<string, AnyAggregate>();
  private isOver = false;

  append(stream: string, ...events: readonly object[]): void {
    this.refuseLate();
    const name = normaliseId(stream);
    const flaw = streamNameFlaw(name);
    if (flaw !== undefined) throw new InvalidIdError(`No stream can have this name: ${flaw}.`);
    this.appended.set(name, [...(this.appended.get(name) ?? []), ...events.map(detached)]);
  }

  create<A extends AnyAggregate>(aggregateClass: AggregateClass<A>, aggregate: A): void {
    this.refuseLate();
    checkId(describeAggregate(aggregateClass).category, aggregate.id);
    const stream = streamOf(aggregateClass, aggregate.id);
    if (this.created.has(stream)) throw new InvalidAppendError(`${stream} is created twice in one decision.`);
    this.created.set(stream, aggregate);
  }
  /** Refuses further changes, because nobody would store them. */
  end(): void {
    this.isOver = true;
  }

  private refuseLate(): void {
    if (!this.isOver) return;
    throw new Error('The decision is over, so this would not be stored. Let the decision await what it starts.');
  }
}
