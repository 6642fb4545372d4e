import type { Turn } from '../commands/command-scope.js';
import type { KeyedQueue } from './keyed-queue.js';

/**
 * How long a decision that waits for the end of its handler holds up others about the same thing, in ms. After that a
 * conflict is possible, and found by the append.
 */
const LONGEST_HOLD = 250;

/** A turn in the queue that lasts until the decision is stored, or until its handler has taken too long. */
export class HeldTurn implements Turn {
  private isHeld = true;
  private timer: NodeJS.Timeout | undefined;

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

  limit(): void {
    clearTimeout(this.timer);
    if (this.isHeld) this.timer = setTimeout(() => this.end(), LONGEST_HOLD).unref();
  }

  hold(): void {
    clearTimeout(this.timer);
  }

  end(): void {
    clearTimeout(this.timer);
    this.isHeld = false;
    this.endTurn();
  }
}
