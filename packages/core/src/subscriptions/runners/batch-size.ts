import type { RecordedEvent } from '../../event-log/recorded-event.js';

/** The most events of a batch. Each batch of a read model is one transaction, which costs the same for twice as many. */
export const MOST_EVENTS = { 'read-model': 4_000, 'side-effect': 500, saga: 500 } as const;
/** About the most text of the events of a batch, in characters. */
const MOST_TEXT = 4 * 1024 * 1024;
/** The most events of the first batch: it is not known yet how long they are, and how long it takes to handle them. */
const FIRST = 1_000;

/** Fewer than these are not worth another batch: to read them takes some ms, and to handle them takes 250. */
const FEWEST = 500;

/**
 * How many events a subscription reads at once: as many as it has handled in a transaction, and twice as many as long as it
 * handles all of them; fewer if they are long.
 */
export class BatchSize {
  private handled: number;
  private fitting: number;

  constructor(private readonly most: number) {
    this.handled = Math.min(most, FIRST);
    this.fitting = most;
  }

  get next(): number {
    return Math.min(this.handled, this.fitting);
  }

  /**
   * Called with the events that were read: the next ones are probably as long.
   * @param isFull they are as many as were asked for
   */
  learn(events: readonly RecordedEvent[], isFull: boolean): void {
    if (isFull) this.handled = Math.min(this.most, 2 * this.handled);
    if (events.length === 0) return;
    let text = 0;
    for (const { dataText, metadataText } of events) text += dataText.length + metadataText.length;
    this.fitting = Math.max(1, Math.min(this.most, Math.floor((MOST_TEXT * events.length) / text)));
  }

  /** Called when only some of the events were handled in time, up to this position. Otherwise all would be read again and again. */
  cutTo(position: number, events: readonly RecordedEvent[]): void {
    const handled = events.findLastIndex((event) => event.position <= position) + 1;
    this.handled = Math.min(this.most, Math.max(FEWEST, handled));
  }
}
