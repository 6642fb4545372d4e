import type { AggregateClass, AnyAggregate } from '../aggregates/aggregate.decorator.js';
import { InvalidReadError } from '../event-log/event-log.errors.js';
import type { EventQuery } from '../events/event-query.js';
import { type Tag, type TagValues, tagsOf } from '../events/tags.js';
import type { DecisionModelClass, Evolving } from './decision-model.decorator.js';

/** An aggregate that a decision reads and may change. */
export interface AggregateParticipant<A extends AnyAggregate = AnyAggregate> {
  readonly aggregateClass: AggregateClass<A>;
  readonly id: string;
  /** Starts with a new aggregate when there is none. */
  readonly orNew: boolean;
}

/** A decision model with the tags of its events. */
export interface ModelParticipant<M extends Evolving = Evolving> {
  readonly modelClass: DecisionModelClass<M>;
  /** An event matches when it has all tags of one of these sets. */
  readonly tagSets: readonly (readonly Tag[])[];
  /** In place of the tags and the events of the class; the state is then read anew each time. */
  readonly query?: EventQuery;
}

/** What a decision is based on, by the names under which it gets the states. */
export type Participants = Readonly<Record<string, AggregateParticipant | ModelParticipant>>;

/** The states of the participants. */
export type StatesOf<P extends Participants> = {
  readonly [K in keyof P]: P[K] extends AggregateParticipant<infer A>
    ? A
    : P[K] extends ModelParticipant<infer M>
      ? M
      : never;
};

/** The aggregate with this id. The decision fails with the aggregate's `notFound` error when there is none. */
export function existing<A extends AnyAggregate>(
  aggregateClass: AggregateClass<A>,
  id: string,
): AggregateParticipant<A> {
  return { aggregateClass, id, orNew: false };
}

/**
 * The aggregate with this id, or a new one, whose version is 0. The decision fails with `InvalidIdError` when no aggregate
 * can have the id.
 */
export function existingOrNew<A extends AnyAggregate>(
  aggregateClass: AggregateClass<A>,
  id: string,
): AggregateParticipant<A> {
  return { aggregateClass, id, orNew: true };
}

/**
 * A decision model over the events that have all of these tags. Of several sets of tags, one is enough:
 * `decisionModel(Seats, { course: courseId })`, `decisionModel(Holders, { email }, { formerEmail: email })`. Without
 * tags it folds all events of its types.
 * @throws InvalidReadError when a tag has no value: the model would fold the events of every value
 */
export function decisionModel<M extends Evolving>(
  modelClass: DecisionModelClass<M>,
  ...tags: readonly TagValues[]
): ModelParticipant<M> {
  return { modelClass, tagSets: tags.length === 0 ? [[]] : tags.map((set) => tagsWithValues(modelClass, set)) };
}

function tagsWithValues(modelClass: DecisionModelClass, values: TagValues): Tag[] {
  const empty = Object.keys(values).find((name) => tagsOf({ [name]: values[name] }).length === 0);
  if (empty === undefined) return tagsOf(values);
  throw new InvalidReadError(
    `The tag "${empty}" of the decision model ${modelClass.name} has no value. Without it the model would fold the events ` +
      `of every value. Pass a value, or leave the tag out.`,
  );
}

export function isModel(participant: AggregateParticipant | ModelParticipant): participant is ModelParticipant {
  return 'modelClass' in participant;
}
