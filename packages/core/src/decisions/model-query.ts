import type { EventQuery } from '../events/event-query.js';
import { type Tag, normaliseTagValue } from '../events/tags.js';
import type { DecisionModels } from './decision-models.js';
import type { ModelParticipant } from './participants.js';

/**
 * The query for a model's events, with every name under which they may be stored.
 * @throws SetupError when it names an unknown type
 */
export function queryOf({ modelClass, tagSets, query }: ModelParticipant, models: DecisionModels): EventQuery {
  if (query) {
    return { items: query.items.map((item) => (item.types ? { ...item, types: models.namesOf(item.types) } : item)) };
  }
  const types = models.typesOf(modelClass);
  return { items: tagSets.map((tags) => (tags.length > 0 ? { types, tags } : { types })) };
}

/** Keys of what a query reads: its tags, and the types of items without tags. Decisions that share a key queue up. */
export function keysOf({ items }: EventQuery): string[] {
  return items.flatMap(({ tags = [], types = [] }) =>
    tags.length > 0 ? tags.map((tag) => `tag ${textOfTag(tag)}`) : types.map((type) => `type ${type}`),
  );
}

/** Equal for queries that match the same events. */
export function identityOf({ items }: EventQuery): string {
  const texts = items.map(({ tags = [], types = [] }) => {
    return JSON.stringify([tags.map(textOfTag).toSorted(), types.toSorted()]);
  });
  return texts.toSorted().join();
}

/** Equal for tags that match the same events. */
export function textOfTag({ name, value, exact = false }: Tag): string {
  return JSON.stringify(exact ? [name, value.normalize('NFC'), 'exact'] : [name, normaliseTagValue(value)]);
}
