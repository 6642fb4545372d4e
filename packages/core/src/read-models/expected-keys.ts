import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { RowKey } from './row.js';

/** Keys of the rows that a batch's events belong to, computed when the first row is requested. */
export class ExpectedKeys {
  private keys: RowKey[] | undefined;

  constructor(
    private readonly events: readonly RecordedEvent[],
    private readonly keysOf: (recorded: RecordedEvent) => readonly RowKey[],
  ) {}

  all(): readonly RowKey[] {
    return (this.keys ??= this.events.flatMap((recorded) => this.tryKeysOf(recorded)));
  }

  /** If the keys of an event can't be determined, that event fails when it is handled, and no event before it. */
  private tryKeysOf(recorded: RecordedEvent): readonly RowKey[] {
    try {
      return this.keysOf(recorded);
    } catch {
      // Handling that event determines its keys again and fails with the cause.
      return [];
    }
  }
}
