import { SetupError } from '../errors.js';
import { describeEvent } from '../events/domain-event.decorator.js';
import type { EventRegistry } from '../events/event-registry.js';
import { UnhandledEventError } from '../events/unreachable.js';
import { type DecisionModelClass, describeModel } from './decision-model.decorator.js';

/** The decision models of all features, with the stored types that each folds. */
export class DecisionModels {
  private readonly types = new Map<DecisionModelClass, readonly string[]>();

  /**
   * @throws SetupError when an event of a model is not registered or has no case in its `evolve`, when a model can't
   * take snapshots, or when two models store them under one name
   */
  constructor(
    classes: Iterable<DecisionModelClass>,
    private readonly registry: EventRegistry,
  ) {
    const names = new Map<string, DecisionModelClass>();
    for (const modelClass of new Set(classes)) {
      const { events, name } = describeModel(modelClass);
      this.types.set(
        modelClass,
        events.flatMap((eventClass) => registry.storedNames(eventClass)),
      );
      checkCases(modelClass);
      checkSnapshots(modelClass);
      if (name === undefined) continue;
      if (names.has(name)) {
        throw new SetupError(
          `${names.get(name)!.name} and ${modelClass.name} both have the name "${name}". Give one another.`,
        );
      }
      names.set(name, modelClass);
    }
  }

  /**
   * All names under which the model's events may be stored.
   * @throws SetupError when no feature registers the model
   */
  typesOf(modelClass: DecisionModelClass): readonly string[] {
    const types = this.types.get(modelClass);
    if (!types) {
      throw new SetupError(
        `${modelClass.name} is not registered. Add it to "decisionModels" in EventSourcingModule.forFeature.`,
      );
    }
    return types;
  }

  /**
   * All names under which events of these types may be stored.
   * @throws SetupError when no event class has one of them: a rule would hold for no event
   */
  namesOf(types: readonly string[]): string[] {
    const unknown = types.find((type) => !this.registry.forType(type));
    if (unknown === undefined) return [...new Set(types.flatMap((type) => this.registry.namesOf(type)))];
    throw new SetupError(
      `The query of a guard names the type "${unknown}", and no registered event has this name. Name the type of a ` +
        `@DomainEvent, or one of its aliases.`,
    );
  }
}

/** Tries each event on a throwaway state. The events are empty, so only a missing case counts. */
function checkCases(modelClass: DecisionModelClass): void {
  for (const eventClass of describeModel(modelClass).events) {
    try {
      new modelClass().evolve(Object.create(eventClass.prototype as object) as object);
    } catch (error) {
      if (!(error instanceof UnhandledEventError)) continue;
      throw new SetupError(
        `${modelClass.name} lists ${eventClass.name} ("${describeEvent(eventClass).type}") in its events, and can't apply it. ` +
          `Add a case to its evolve.`,
      );
    }
  }
}

function checkSnapshots(modelClass: DecisionModelClass): void {
  if (describeModel(modelClass).snapshotVersion === undefined) return;
  try {
    new modelClass().restoreSnapshot!(new modelClass().takeSnapshot!());
  } catch (error) {
    throw new SetupError(`${modelClass.name} can't take and restore a snapshot: ${(error as Error).message}`);
  }
}
