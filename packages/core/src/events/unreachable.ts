/** An aggregate was given an event that its `evolve` has no case for. */
export class UnhandledEventError extends Error {
  constructor(type: string) {
    super(`evolve has no case for events of type "${type}". Add one: a stored event can't be skipped.`);
    this.name = 'UnhandledEventError';
  }
}

/**
 * Closes the `switch` of an `evolve`, so that a new event in the union causes a compile error here. If the union has
 * only one event, TypeScript narrows its type but not the event: use `unreachable(event.type)`.
 * @throws UnhandledEventError always
 */
export function unreachable(event: never): never {
  const { type } = event as { type?: unknown };
  throw new UnhandledEventError(typeof type === 'string' ? type : String(event));
}
