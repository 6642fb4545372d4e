import type { Turn } from '../commands/command-scope.js';
import type { KeyedQueue } from './keyed-queue.js';

/**
 * How long a decision that waits for the end of its handler holds up others about the same thing, in ms. After that a
 * conflict is possible, and found by the append.
 */
const LONGEST_HOLD = 250;

/** A turn in the queue that lasts until the decision is stored, or for the longest hold. */
export class HeldTurn implements Turn {
  private isHeld = true;
  private readonly limit = setTimeout(() => this.end(), LONGEST_HOLD).unref();

  private constructor(
    private readonly keys: readonly string[],
    private readonly endTurn: () => void,
  ) {}

  static async in(queue: KeyedQueue, keys: readonly string[]): Promise<HeldTurn> {
    return new HeldTurn(keys, await queue.turn(keys));
  }

  isFor(keys: readonly string[]): boolean {
    return this.isHeld && keys.length === this.keys.length && keys.every((key, at) => key === this.keys[at]);
  }

  end(): void {
    clearTimeout(this.limit);
    this.isHeld = false;
    this.endTurn();
  }
}
