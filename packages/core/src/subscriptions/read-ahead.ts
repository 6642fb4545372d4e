import type { EventLog, LogSlice } from '../event-log/event-log.js';

/** Events to read: at most `limit`, after this position, and up to `upTo` if that is given. */
export interface NextEvents {
  readonly after: number;
  readonly limit: number;
  readonly upTo?: number;
}

/**
 * Reads the next events of a subscription while the current ones are handled. Holds at most one slice. Not where this process
 * itself reads, as on SQLite: it would only have more events in memory.
 */
export class ReadAhead {
  private ahead: { readonly next: NextEvents; readonly slice: Promise<LogSlice> } | undefined;

  constructor(
    private readonly log: Pick<EventLog, 'readsInBackground'>,
    private readonly readEvents: (next: NextEvents) => Promise<LogSlice>,
  ) {}

  /** Begins to read the events that are probably asked for next. If that fails, the caller who asks is told. */
  begin(next: NextEvents): void {
    if (!this.log.readsInBackground) return;
    const slice = this.readEvents(next);
    // Without this, an error that nobody asks for would be an unhandled rejection.
    slice.catch(() => undefined);
    this.ahead = { next, slice };
  }

  read(next: NextEvents): Promise<LogSlice> {
    const { ahead } = this;
    this.ahead = undefined;
    return ahead && isSame(ahead.next, next) ? ahead.slice : this.readEvents(next);
  }
}

function isSame(one: NextEvents, other: NextEvents): boolean {
  return one.after === other.after && one.limit === other.limit && one.upTo === other.upTo;
}
