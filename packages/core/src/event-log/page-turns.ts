/**
 * Long reads take turns: of all that are under way in this process, one gets a page in a turn of the event loop. On SQLite a
 * page is there at once, and on both databases its events are worked on in one go, so reads that were long or many would
 * leave nobody else a turn.
 */
export class PageTurns {
  private readonly waiting: (() => void)[] = [];

  /** Settles when it is this read's turn; the first who asks is the first who gets it. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      if (this.waiting.length === 1) setImmediate(this.step);
    });
  }

  private readonly step = (): void => {
    this.waiting[0]!();
    this.waiting.shift();
    if (this.waiting.length > 0) setImmediate(this.step);
  };
}
