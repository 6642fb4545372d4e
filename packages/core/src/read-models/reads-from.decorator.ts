import type { EntityClass } from '../databases/schema.js';
import { refuseUndefined } from '../errors.js';

const sources = new WeakMap<object, readonly EntityClass[]>();

/**
 * Names the read models that a query reads, so that a client waiting for its own write waits only for these. Without it
 * the query waits for all. `@ReadsFrom()` is for a query that reads the log itself and waits for no read model.
 * @throws SetupError when an entity is undefined, because files import each other in a circle
 */
export function ReadsFrom(...entities: EntityClass[]): ClassDecorator {
  return (queryClass) => {
    refuseUndefined(`@ReadsFrom on ${queryClass.name}: the list of entities`, entities);
    sources.set(queryClass, entities);
  };
}

export function sourcesOf(query: object): readonly EntityClass[] | undefined {
  return sources.get(query.constructor);
}
