import { refuseUndefined } from '../errors.js';
import type { EntityClass } from '../databases/schema.js';
import type { RowKey } from './row.js';
import type { EventContext } from '../subscriptions/event-handler.js';

/** The rows that an event belongs to: a key, several, or none. */
export type KeyOfEvent<E extends object = object> = (
  event: E,
  context: EventContext,
) => RowKey | readonly RowKey[] | undefined;

/** Options of `@Projection`. */
export interface ProjectionOptions<E extends object = object> {
  /** `<feature>.<read-model>`. It names the read model's row of state; never change it. */
  readonly name: string;
  /** Raise it when the rows would come out differently; 1 when left out. */
  readonly version?: number;
  /** The tables that only this projection writes. */
  readonly entities: readonly EntityClass[];
  /**
   * The key of the row that an event belongs to, or several keys. A batch of events loads these rows in one query for
   * each entity whose primary key they fit; rows with other keys cost a query each. When left out: the id of the
   * event's stream.
   */
  readonly key?: KeyOfEvent<E>;
  /**
   * Whether nodes on PostgreSQL share its streams between them; not when left out. Its events come from streams of one
   * category, and the first column of each primary key is the id of the event's stream: then no two nodes write the same
   * row. A handler that uses another row, or `ReadModel.manager`, fails, also on one node and on SQLite.
   */
  readonly partitioned?: boolean;
}

const projections = new WeakMap<object, ProjectionOptions>();

/**
 * Makes an `@EventsHandler` a read model. It gets events in global order; its rows and its checkpoint commit together.
 * @throws SetupError when an entity is undefined, because files import each other in a circle
 */
export function Projection<E extends object = object>(options: ProjectionOptions<E>): ClassDecorator {
  return (handlerClass) => {
    refuseUndefined(`@Projection on ${handlerClass.name}: the list entities`, options.entities);
    projections.set(handlerClass, options as ProjectionOptions);
  };
}

export function describeProjection(handlerClass: object): ProjectionOptions | undefined {
  return projections.get(handlerClass);
}
