/** An aggregate met an event that its `evolve` has no case for. */
export class UnhandledEventError extends Error {
  constructor(type: string) {
    super(`No case of evolve applies an event of type "${type}". Add one: history can't be passed over.`);
    this.name = 'UnhandledEventError';
  }
}

/**
 * Closes the `switch` of an `evolve`: a new event in the union becomes a compile error here. While there is one event alone,
 * TypeScript narrows its type and not the event: `unreachable(event.type)`.
 * @throws UnhandledEventError always
 */
export function unreachable(event: never): never {
  const { type } = event as { type?: unknown };
  throw new UnhandledEventError(typeof type === 'string' ? type : String(event));
}
