import type { EntityClass } from '../databases/schema.js';
import type { RowKey } from './row.js';
import type { EventContext } from '../subscriptions/event-handler.js';

/** Which rows an event belongs to: a key, several, or none. */
export type KeyOfEvent<E extends object = object> = (
  event: E,
  context: EventContext,
) => RowKey | readonly RowKey[] | undefined;

/** What `@Projection` says of a handler. */
export interface ProjectionOptions<E extends object = object> {
  /** `<feature>.<read-model>`; the name of its row of state, never changed. */
  readonly name: string;
  /** Raised when the rows would come out differently; 1 when left out. */
  readonly version?: number;
  /** The tables that it alone writes. */
  readonly entities: readonly EntityClass[];
  /**
   * The key of the row that an event belongs to, or several keys. A batch of events loads these rows in one query for each
   * entity whose primary key they fit; rows of other keys cost a query each. When left out: the id of the event's stream.
   */
  readonly key?: KeyOfEvent<E>;
}

const projections = new WeakMap<object, ProjectionOptions>();

/** Makes an `@EventsHandler` a read model: its rows and its checkpoint commit together, in the order of the log. */
export function Projection<E extends object = object>(options: ProjectionOptions<E>): ClassDecorator {
  return (handlerClass) => {
    projections.set(handlerClass, options as ProjectionOptions);
  };
}

export function describeProjection(handlerClass: object): ProjectionOptions | undefined {
  return projections.get(handlerClass);
}
