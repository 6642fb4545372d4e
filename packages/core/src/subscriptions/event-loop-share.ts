import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a loop may run before it yields, in ms. */
const SHARE = 10;

/**
 * For a loop that may never wait. On SQLite every query is answered synchronously, so the loop would block the event
 * loop until it ends: heartbeats, requests and signals would have to wait.
 */
export class EventLoopShare {
  private since = performance.now();

  get isUsedUp(): boolean {
    return performance.now() - this.since >= SHARE;
  }

  /** Settles at once, or in a later turn of the event loop when this loop has used up its share. */
  async yieldIfUsedUp(): Promise<void> {
    if (!this.isUsedUp) return;
    await nextTurn();
    this.since = performance.now();
  }
}
