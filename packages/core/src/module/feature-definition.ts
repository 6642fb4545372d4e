import type { ModulesContainer } from '@nestjs/core';
import type { AggregateClass } from '../aggregates/aggregate.decorator.js';
import type { EntityClass, MigrationClass } from '../databases/schema.js';
import type { EventClass } from '../events/domain-event.decorator.js';
import type { RowClass } from '../read-models/row.js';

/** What a feature brings to the kernel. */
export interface FeatureDefinition {
  /** Aggregates; their events are registered with them. */
  readonly aggregates?: readonly AggregateClass[];
  /** Events that stand in no aggregate's list. */
  readonly events?: readonly EventClass[];
  /** Stored types that no class knows any more, and that are passed over when they are met. */
  readonly droppedEvents?: readonly string[];
  /** Entities that its projections write: `@InjectReadModel` there, `@InjectReadModelRepository` in query handlers. */
  readonly readModels?: readonly RowClass[];
  /** Entities of tables that it keeps beside the log, for what must not be in the log. */
  readonly besideTheLog?: readonly EntityClass[];
  readonly migrations?: {
    readonly events?: readonly MigrationClass[];
    readonly views?: readonly MigrationClass[];
  };
}

export const FEATURE = Symbol('leftfold.feature');

/** The definitions of all features of one application, found before any provider is made. */
export function collectFeatures(modules: ModulesContainer): FeatureDefinition[] {
  return [...modules.values()].flatMap((module) => {
    const provider = module.providers.get(FEATURE);
    return provider ? [provider.instance as FeatureDefinition] : [];
  });
}
