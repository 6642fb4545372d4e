import { normaliseId } from './aggregate-id.js';
import { refuseUndefined, SetupError } from '../errors.js';
import { isCategory } from '../event-log/stream-name.js';
import type { EventClass } from '../events/domain-event.decorator.js';
import type { AggregateRoot } from './aggregate-root.js';

/** An aggregate with any type of events. */
export type AnyAggregate = AggregateRoot<object>;
/** The class of an aggregate: its constructor takes the id alone, and it carries `@Aggregate`. */
export type AggregateClass<A extends AnyAggregate = AnyAggregate> = new (id: string) => A;

/** Options of `@Aggregate`. */
export interface AggregateOptions {
  /**
   * First part of the streams' names: `order` for `order-<id>`. ASCII letters, digits and underscores. Never change it.
   */
  readonly category: string;
  /** All events that can be in such a stream. */
  readonly events: readonly EventClass[];
  /**
   * Version of the state's shape in snapshots. Raise it when fields or `evolve` change. Without it no snapshots are
   * taken; with it the class needs `takeSnapshot` and `restoreSnapshot`.
   */
  readonly snapshotVersion?: number;
  /** The error for an id that has no stream. */
  readonly notFound: (id: string) => Error;
}

const options = new WeakMap<object, AggregateOptions>();

/**
 * Declares the category of an aggregate's streams and the events in them.
 * @throws SetupError when the category has anything but ASCII letters, digits and underscores, or an event class is undefined
 */
export function Aggregate(aggregateOptions: AggregateOptions) {
  return (aggregateClass: AggregateClass): void => {
    if (!isCategory(aggregateOptions.category)) {
      throw new SetupError(
        `@Aggregate on ${aggregateClass.name}: the category "${aggregateOptions.category}" may have ASCII letters, digits and underscores.`,
      );
    }
    refuseUndefined(`@Aggregate on ${aggregateClass.name}: the list events`, aggregateOptions.events);
    options.set(aggregateClass, aggregateOptions);
  };
}

/** @throws SetupError when the class carries no `@Aggregate` */
export function describeAggregate(aggregateClass: AggregateClass): AggregateOptions {
  const found = options.get(aggregateClass);
  if (!found) throw new SetupError(`${aggregateClass.name} has no @Aggregate({ category, events, notFound }). Add it.`);
  return found;
}

/**
 * Name of the stream of an aggregate, with the id in Unicode normal form C.
 * @throws SetupError when the class carries no `@Aggregate`
 */
export function streamOf(aggregateClass: AggregateClass, id: string): string {
  return `${describeAggregate(aggregateClass).category}-${normaliseId(id)}`;
}
