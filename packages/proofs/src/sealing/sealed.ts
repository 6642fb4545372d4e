import { setTimeout as delay } from 'node:timers/promises';
import type { Proofs } from '../proving/proofs.js';

/** How often the database is asked while somebody waits, in ms. Another node may be the one that seals. */
const POLL = 100;

/** Waits until positions are under a signed checkpoint, whichever node signs. */
export class Sealed {
  private size = 0;
  private asking: Promise<void> | undefined;

  constructor(private readonly proofs: Pick<Proofs, 'checkpoint'>) {}

  /** A checkpoint of that size was stored. @internal */
  reached(size: number): void {
    this.size = Math.max(this.size, size);
  }

  /**
   * @param limit the longest that it waits, in ms
   * @returns whether a signed checkpoint covers the position
   */
  async waitFor(position: number, limit: number): Promise<boolean> {
    const end = performance.now() + limit;
    for (;;) {
      if (this.size >= position) return true;
      await (this.asking ??= this.ask().finally(() => (this.asking = undefined)));
      if (this.size >= position) return true;
      const left = end - performance.now();
      if (left <= 0) return false;
      await delay(Math.min(POLL, left));
    }
  }

  /** One question for all that wait. */
  private async ask(): Promise<void> {
    this.reached((await this.proofs.checkpoint())?.size ?? 0);
  }
}
