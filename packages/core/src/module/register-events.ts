import { describeAggregate } from '../aggregates/aggregate.decorator.js';
import { checkAggregate, checkSnapshots } from '../aggregates/check-aggregate.js';
import { SetupError } from '../errors.js';
import { EventRegistry } from '../events/event-registry.js';
import type { FeatureDefinition } from './feature-definition.js';

/**
 * The events and aggregates of all features.
 * @throws SetupError when two have the same type or category, or an aggregate is declared wrongly
 */
export function registerEvents(features: readonly FeatureDefinition[]): EventRegistry {
  const registry = new EventRegistry();
  const categories = new Map<string, string>();
  for (const { aggregates = [], events = [], droppedEvents = [] } of features) {
    for (const aggregateClass of aggregates) {
      const { category, events: listed } = describeAggregate(aggregateClass);
      if (categories.has(category)) {
        throw new SetupError(
          `${categories.get(category)} and ${aggregateClass.name} both have the category "${category}". Give one another.`,
        );
      }
      categories.set(category, aggregateClass.name);
      for (const eventClass of listed) registry.register(eventClass);
      checkAggregate(aggregateClass);
      checkSnapshots(aggregateClass);
    }
    for (const eventClass of events) registry.register(eventClass);
    for (const type of droppedEvents) registry.drop(type);
  }
  return registry;
}
