import type { JsonObject } from '../events/json.js';
import type { AggregateClass, AnyAggregate } from './aggregate.decorator.js';
import { KERNEL } from './aggregate-root.js';

interface StoredState {
  readonly state: JsonObject | undefined;
  readonly version: number;
  readonly position: number;
}

/**
 * An aggregate with the state of a snapshot. Undefined when the state does not have the shape that its version promises.
 * The aggregate is then folded from its events.
 */
export function restored<A extends AnyAggregate>(
  aggregateClass: AggregateClass<A>,
  id: string,
  { state, version, position }: StoredState,
): A | undefined {
  if (!state) return undefined;
  const aggregate = new aggregateClass(id);
  const { restore, replay } = aggregate[KERNEL];
  try {
    restore(state);
  } catch {
    return undefined;
  }
  replay([], version, position);
  return aggregate;
}
