import type { EntityClass } from '../databases/schema.js';

const sources = new WeakMap<object, readonly EntityClass[]>();

/**
 * Names the read models that a query reads, so that a client waiting for its own write waits only for these. Without it
 * the query waits for all. `@ReadsFrom()` is for a query that reads the log itself and waits for no read model.
 */
export function ReadsFrom(...entities: EntityClass[]): ClassDecorator {
  return (queryClass) => {
    sources.set(queryClass, entities);
  };
}

export function sourcesOf(query: object): readonly EntityClass[] | undefined {
  return sources.get(query.constructor);
}
