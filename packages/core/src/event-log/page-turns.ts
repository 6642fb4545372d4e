/** Most events of a page: small enough that a page is processed in a few ms. */
export const PAGE = 500;

/**
 * Schedules long reads fairly: in each turn of the event loop, one of this process's long reads gets one page. On
 * SQLite a page is read synchronously, and on both databases its events are processed without a break. Without this,
 * long or many reads would block the event loop.
 */
export class PageTurns {
  private readonly waiting: (() => void)[] = [];

  /** Settles when it is this read's turn. First come, first served. */
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
