import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { RowKey } from './row.js';

/** Keys of the rows that the events of a batch belong to, worked out when the first row is asked for. */
export class ExpectedKeys {
  private keys: RowKey[] | undefined;

  constructor(
    private readonly events: readonly RecordedEvent[],
    private readonly keysOf: (recorded: RecordedEvent) => readonly RowKey[],
  ) {}

  all(): readonly RowKey[] {
    return (this.keys ??= this.events.flatMap((recorded) => this.tryKeysOf(recorded)));
  }

  /** An event whose keys can't be told fails when it is handled, and not an event before it. */
  private tryKeysOf(recorded: RecordedEvent): readonly RowKey[] {
    try {
      return this.keysOf(recorded);
    } catch {
      // Its own handling asks for its keys again, and fails with the cause.
      return [];
    }
  }
}
