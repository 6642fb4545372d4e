import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { RowKey } from './row.js';

/** Keys of the rows that the events of a batch belong to, worked out when the first row is asked for. */
export class ExpectedKeys {
  private keys: RowKey[] | undefined;
  private readonly failures = new Map<RecordedEvent, unknown>();

  constructor(
    private readonly events: readonly RecordedEvent[],
    private readonly keysOf: (recorded: RecordedEvent) => readonly RowKey[],
  ) {}

  all(): readonly RowKey[] {
    return (this.keys ??= this.events.flatMap((recorded) => this.tryKeysOf(recorded)));
  }

  /** @throws what was thrown when the keys of this event were asked for: it is its failure, not that of an event before */
  check(recorded: RecordedEvent): void {
    if (this.failures.has(recorded)) throw this.failures.get(recorded);
  }

  private tryKeysOf(recorded: RecordedEvent): readonly RowKey[] {
    try {
      return this.keysOf(recorded);
    } catch (error) {
      this.failures.set(recorded, error);
      return [];
    }
  }
}
