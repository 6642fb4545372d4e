/** What is read at a time. */
const BATCH = 500;

/** How far a subscription goes one by one, because something went wrong near there. */
export class Caution {
  /** Up to here each event is counted before it is begun. */
  private counted = 0;
  private alone = 0;

  /** An event at this position failed: up to there each has a transaction of its own. */
  failedAt(position: number): void {
    this.alone = Math.max(this.alone, position);
  }

  /** A process may have died of one of the events up to this position. */
  diedBefore(position: number): void {
    this.counted = position;
  }

  /** How many events to read after this position. */
  limitAfter(position: number): number {
    return position < Math.max(this.alone, this.counted) ? 1 : BATCH;
  }

  /** Whether the event at this position is to be counted before it is begun. */
  counts(position: number): boolean {
    return position <= this.counted;
  }

  /** The most events that a process can have had under way. */
  static readonly underWay = BATCH;
}
