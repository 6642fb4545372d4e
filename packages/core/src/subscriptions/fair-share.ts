import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** In ms. */
const LONGEST = 10;

/**
 * For a loop that may never wait: on SQLite every answer is there at once, so nobody else in the process would have a turn,
 * neither the heartbeat nor a request nor a signal, until the loop has come to its end.
 */
export class FairShare {
  private since = performance.now();

  /** Settles at once, or after the others when the loop has had its share of the event loop. */
  async taken(): Promise<void> {
    if (performance.now() - this.since < LONGEST) return;
    await nextTurn();
    this.since = performance.now();
  }
}
