import type { Tag } from './tags.js';

/** Matches the events that have one of `types` and all of `tags`. Without types or tags, any will do. */
export interface EventQueryItem {
  /** Stored event types, at least one; any type when left out. */
  readonly types?: readonly string[];
  /** Values are compared ignoring case, surrounding space and Unicode form, except in exact tags. */
  readonly tags?: readonly Tag[];
}

/**
 * Matches the events that match at least one item: the query of a dynamic consistency boundary, as specified at
 * dcb.events. It has 1 to 100 items.
 */
export interface EventQuery {
  readonly items: readonly EventQueryItem[];
}

/** Short for `withAnyTag(tags, types)`. */
export interface TagQuery {
  readonly tags: readonly Tag[];
  readonly types?: readonly string[];
}

/** Matches every event. */
export const EVERY_EVENT: EventQuery = { items: [{}] };

/** Matches the events that have at least one of the tags and, if `types` is given, one of these stored types. */
export function withAnyTag(tags: readonly Tag[], types?: readonly string[]): EventQuery {
  return { items: tags.map((tag) => ({ tags: [tag], ...(types && { types }) })) };
}

/** The query in its general form. */
export function asEventQuery(query: EventQuery | TagQuery): EventQuery {
  return 'items' in query ? query : withAnyTag(query.tags, query.types);
}
