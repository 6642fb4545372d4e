import type { RecordedEvent } from '../../event-log/recorded-event.js';

/** The most events of a batch. Each batch of a read model is one transaction, which costs the same for twice as many. */
export const MOST_EVENTS = { 'read-model': 4_000, 'side-effect': 500, saga: 500 } as const;
/** About the most text of the events of a batch, in characters. */
const MOST_TEXT = 4 * 1024 * 1024;
/** The most events of a batch while it is not known how long they are. */
const FIRST = 1_000;

/** How many events a subscription reads at once: the most that it may, or fewer if they are long. */
export class BatchSize {
  private size: number;

  constructor(private readonly most: number) {
    this.size = Math.min(most, FIRST);
  }

  get next(): number {
    return this.size;
  }

  /** The next events are probably as long as these. */
  learn(events: readonly RecordedEvent[]): void {
    if (events.length === 0) return;
    let text = 0;
    for (const { dataText, metadataText } of events) text += dataText.length + metadataText.length;
    this.size = Math.max(1, Math.min(this.most, Math.floor((MOST_TEXT * events.length) / text)));
  }
}
