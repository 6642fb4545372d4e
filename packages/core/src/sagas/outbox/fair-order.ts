/**
 * How far each command moves the next one with its key back, in ms. A key with at most fifty commands a second is never
 * moved back.
 */
const SLOT = 20;

/** A fairness key. */
export interface FairnessClock {
  readonly key: string;
  /** The latest virtual time of its commands in the outbox, in ms; 0 when there are none. */
  readonly latest: number;
  /** The current time, in ms. */
  readonly now: number;
}

/**
 * Orders due commands so that those with one key don't delay those with other keys. Each key has a virtual clock that
 * every command advances. A key without commands in the outbox starts at the current time, so its first command is
 * ahead of the later commands of a busy key. Source: start-time fair queueing (Goyal, Vin, Cheng, 1996), with equal
 * weights.
 */
export class FairOrder {
  private readonly next: Map<string, number>;

  /** @param clocks of all keys that will be used */
  constructor(clocks: readonly FairnessClock[]) {
    this.next = new Map(clocks.map(({ key, latest, now }) => [key, Math.max(latest + SLOT, now)]));
  }

  /** The virtual time of the next command with this key. Due commands are claimed in the order of these times. */
  advance(key: string): number {
    const time = this.next.get(key)!;
    this.next.set(key, time + SLOT);
    return time;
  }
}
