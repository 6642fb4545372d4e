import type { ModulesContainer } from '@nestjs/core';
import type { AggregateClass } from '../aggregates/aggregate.decorator.js';
import type { EntityClass, MigrationClass } from '../databases/schema.js';
import type { DecisionModelClass } from '../decisions/decision-model.decorator.js';
import { refuseUndefined } from '../errors.js';
import type { EventClass } from '../events/domain-event.decorator.js';
import type { RowClass } from '../read-models/row.js';

/** What a feature registers with the kernel. */
export interface FeatureDefinition {
  /** Aggregates; their events are registered with them. */
  readonly aggregates?: readonly AggregateClass[];
  /** Events that are in no aggregate's list. */
  readonly events?: readonly EventClass[];
  /** Decision models. Their events must be registered, here or by another feature. */
  readonly decisionModels?: readonly DecisionModelClass[];
  /** Stored types without a class, which are skipped when they are read. */
  readonly droppedEvents?: readonly string[];
  /**
   * Entities that its projections write. Use `@InjectReadModel` in projections, `@InjectReadModelRepository` in query
   * handlers.
   */
  readonly readModels?: readonly RowClass[];
  /** Entities of tables next to the log, for data that must not be in the log. */
  readonly besideTheLog?: readonly EntityClass[];
  readonly migrations?: {
    readonly events?: readonly MigrationClass[];
    readonly views?: readonly MigrationClass[];
  };
}

/** @throws SetupError when a class in one of its lists is undefined */
export function refuseUndefinedClasses({ migrations = {}, ...lists }: FeatureDefinition): void {
  for (const [name, classes] of [...Object.entries(lists), ...Object.entries(migrations)]) {
    refuseUndefined(`EventSourcingModule.forFeature: the list ${name}`, classes as readonly unknown[]);
  }
}

export const FEATURE = Symbol('leftfold.feature');

/** Injection token of the features of all modules. */
export const FEATURES = Symbol('leftfold.features');

/** The definitions of all features of one application, collected before any provider is made. */
export function collectFeatures(modules: ModulesContainer): FeatureDefinition[] {
  return [...modules.values()].flatMap((module) => {
    const provider = module.providers.get(FEATURE);
    return provider ? [provider.instance as FeatureDefinition] : [];
  });
}
