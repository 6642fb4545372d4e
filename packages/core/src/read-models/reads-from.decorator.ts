import type { EntityClass } from '../databases/schema.js';

const sources = new WeakMap<object, readonly EntityClass[]>();

/**
 * Names the read models that answer a query, so that a client which waits for its own write waits for these alone.
 * Without it the query waits for all; `@ReadsFrom()` is for a query that reads the log itself, and waits for none.
 */
export function ReadsFrom(...entities: EntityClass[]): ClassDecorator {
  return (queryClass) => {
    sources.set(queryClass, entities);
  };
}

export function sourcesOf(query: object): readonly EntityClass[] | undefined {
  return sources.get(query.constructor);
}
