import type { RecordedEvent } from '../../event-log/recorded-event.js';

/** Newest version of a stored type that this program knows; undefined when it does not know the type. */
export type NewestVersion = (type: string) => number | undefined;

/**
 * The program does not know an event that it, or another version of it, is to handle. It must not pass over the event, so
 * it leaves the subscription to the nodes that know it.
 */
export class NotKnownHereError extends Error {
  constructor(
    readonly event: RecordedEvent,
    newest: number | undefined,
  ) {
    const { type, position, schemaVersion } = event;
    super(
      newest === undefined
        ? `This program does not know the type "${type}" of the event at position ${position}. Start a version that knows it, ` +
            `or list the type in "droppedEvents" of EventSourcingModule.forFeature if it is not needed any more.`
        : `This program knows "${type}" up to version ${newest}, and the event at position ${position} has version ${schemaVersion}. ` +
            `Start a version that knows it.`,
    );
    this.name = 'NotKnownHereError';
  }
}

/**
 * There is an event whose type this program has no class for, and the run does not know whether another version of the program
 * handles it: the type may have been declared since the run began. The next run knows.
 */
export class UndeclaredTypeError extends Error {
  constructor(readonly type: string) {
    super(`The type "${type}" is new to this process.`);
    this.name = 'UndeclaredTypeError';
  }
}

/** The events that a subscription reads, and which of them this program knows. */
export class KnownEvents {
  /** Stored types to read: those that it handles, and those that it would have to know. */
  readonly types: readonly string[];
  private readonly newest: ReadonlyMap<string, number>;
  private readonly read: ReadonlySet<string>;

  /**
   * @param handled stored types that the subscription handles here
   * @param declared stored types that some version of the program has handled
   */
  constructor(
    handled: readonly string[],
    declared: readonly string[],
    private readonly newestVersion: NewestVersion,
    /** Types of events that no version handled when they were met first. */
    private readonly passed: ReadonlySet<string> = new Set(),
  ) {
    const unknown = declared.filter((type) => newestVersion(type) === undefined && !handled.includes(type));
    this.types = [...handled, ...unknown];
    this.read = new Set(this.types);
    this.newest = new Map(handled.map((type) => [type, newestVersion(type) ?? Infinity]));
  }

  /**
   * Whether an event is one of those to read.
   * @throws UndeclaredTypeError
   */
  isRead({ type }: RecordedEvent): boolean {
    if (this.read.has(type)) return true;
    if (this.newestVersion(type) === undefined && !this.passed.has(type)) throw new UndeclaredTypeError(type);
    return false;
  }

  /** How many events at the beginning are known. */
  countKnown(events: readonly RecordedEvent[]): number {
    const index = events.findIndex((event) => event.schemaVersion > (this.newest.get(event.type) ?? 0));
    return index < 0 ? events.length : index;
  }

  errorFor(event: RecordedEvent): NotKnownHereError {
    return new NotKnownHereError(event, this.newest.get(event.type));
  }
}
