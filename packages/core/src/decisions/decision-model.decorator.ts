import { refuseUndefined, SetupError } from '../errors.js';
import type { EventClass } from '../events/domain-event.decorator.js';
import type { JsonObject } from '../events/json.js';

/** State that is folded from the events of a query, in any streams. */
export interface Evolving<E extends object = object> {
  /** Changes the state by one event. Never refuses an event, and reads no clock. */
  evolve(event: E): void;
  /** The whole state as plain JSON. For models that declare a `snapshotVersion`. */
  takeSnapshot?(): JsonObject;
  /** Restores what `takeSnapshot` returned. */
  restoreSnapshot?(state: JsonObject): void;
}

/** The class of a decision model. Its constructor takes nothing, so initial state belongs in field initializers. */
export type DecisionModelClass<M extends Evolving = Evolving> = new () => M;

/** Options of `@DecisionModel`. */
export interface DecisionModelOptions {
  /** The events that it folds, under all names under which they may be stored. */
  readonly events: readonly EventClass[];
  /**
   * Reads only the last event of each set of tags, so that the cost does not depend on how many there are. For rules
   * that earlier events do not affect, such as who holds a name now.
   */
  readonly lastEventOnly?: boolean;
  /** Name of its snapshots, unique in the application. It is stored; never change it. Needed with `snapshotVersion`. */
  readonly name?: string;
  /**
   * Version of the state's shape and meaning. Raise it when fields or `evolve` change. Without it no snapshots are
   * stored, and a process folds all events once; with it the class needs `takeSnapshot` and `restoreSnapshot`.
   */
  readonly snapshotVersion?: number;
}

const options = new WeakMap<object, DecisionModelOptions>();

/**
 * Makes a class a decision model: state for a rule over several streams. See `decisionModel` for its events, and
 * `Decisions.decide` for its use.
 * @throws SetupError when it lists no event, or its options contradict each other
 */
export function DecisionModel(modelOptions: DecisionModelOptions) {
  return (modelClass: DecisionModelClass): void => {
    const { events, lastEventOnly = false, name, snapshotVersion } = modelOptions;
    const refuse = (sentence: string): never => {
      throw new SetupError(`@DecisionModel on ${modelClass.name}: ${sentence}`);
    };
    refuseUndefined(`@DecisionModel on ${modelClass.name}: the list events`, events);
    if (events.length === 0) refuse('list the events that it folds.');
    if (snapshotVersion !== undefined) {
      const model = modelClass.prototype as Evolving;
      if (!name) refuse('snapshots are stored under a name. Add name.');
      if (lastEventOnly) refuse('a model of last events needs no snapshots. Remove snapshotVersion.');
      if (!model.takeSnapshot || !model.restoreSnapshot)
        refuse('snapshots need the methods takeSnapshot and restoreSnapshot.');
    }
    options.set(modelClass, modelOptions);
  };
}

/** @throws SetupError when the class carries no `@DecisionModel` */
export function describeModel(modelClass: DecisionModelClass): DecisionModelOptions {
  const found = options.get(modelClass);
  if (!found) throw new SetupError(`${modelClass.name} has no @DecisionModel({ events }). Add it.`);
  return found;
}
