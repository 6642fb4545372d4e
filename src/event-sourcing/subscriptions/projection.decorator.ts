import type { EntityClass } from '../databases/open-database.js';

/** What `@Projection` says of a handler. */
export interface ProjectionOptions {
  /** `<feature>.<read-model>`; the name of its row of state, never changed. */
  readonly name: string;
  /** Raised when the rows would come out differently; 1 when left out. */
  readonly version?: number;
  /** The tables that it alone writes. */
  readonly entities: readonly EntityClass[];
}

const projections = new WeakMap<object, ProjectionOptions>();

/** Makes an `@EventsHandler` a read model: its rows and its checkpoint commit together, in the order of the log. */
export function Projection(options: ProjectionOptions): ClassDecorator {
  return (handlerClass) => {
    projections.set(handlerClass, options);
  };
}

export function describeProjection(handlerClass: object): ProjectionOptions | undefined {
  return projections.get(handlerClass);
}
