import { setTimeout as delay } from 'node:timers/promises';
import type { EntityClass } from '../databases/schema.js';
import { InvalidReadError } from '../event-log/event-log.errors.js';
import type { EventLog } from '../event-log/event-log.js';
import type { SubscriptionStates } from '../subscriptions/states/subscription-states.js';
import { Signal } from '../subscriptions/signal.js';
import type { ReadModelSubscription } from './read-model-subscription.js';
import { ReadModelBehindError } from './read-model-behind.error.js';
import { StoredPositions } from './stored-positions.js';
import { type WaiterLimits, WAITER_LIMITS, WaiterCount } from './waiter-count.js';

/** Pause between reads of the databases, in ms: short at the start of a wait. */
const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 50;

interface Waiter {
  readonly position: number;
  readonly readModels: readonly ReadModelSubscription[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  readonly deadline: number;
}

/** How far the read models are, on any node. */
export class ReadModelPositions {
  /** Positions of the read models that this process runs; never ahead of what is committed. */
  private readonly reached = new Map<string, number>();
  private readonly moved = new Signal();
  private readonly waiters = new Set<Waiter>();
  private readonly count: WaiterCount;
  private readonly stored: StoredPositions;
  private pause = FIRST_PAUSE;
  private isPolling = false;

  constructor(
    private readonly declared: () => readonly ReadModelSubscription[],
    states: Pick<SubscriptionStates, 'list'>,
    log: Pick<EventLog, 'head' | 'readAll'>,
    /** In ms. */
    private readonly limit: number,
    limits: WaiterLimits = WAITER_LIMITS,
  ) {
    this.stored = new StoredPositions(states, log);
    this.count = new WaiterCount(limits);
  }

  /** @internal */
  report(name: string, position: number): void {
    if (this.reached.get(name) === position) return;
    this.reached.set(name, position);
    this.moved.fire();
  }

  /**
   * This process no longer runs the read model.
   * @internal
   */
  forget(name: string): void {
    this.reached.delete(name);
    this.moved.fire();
  }

  /**
   * Waits until the read models of these entities (all, when left out) include `position`. Read models that this
   * process runs report their position directly. For the others, one query reads their rows of state for all waiting
   * callers. With an empty list it waits for the log alone.
   * @param caller the waiting actor, as in `Origin.actor`; one caller may wait 100 times at once, and all `anonymous`
   * callers count as one
   * @throws ReadModelBehindError after the limit
   * @throws TooManyWaitersError
   * @throws InvalidReadError when the position is no whole number from 0
   */
  async waitFor(position: number, entities?: readonly EntityClass[], caller = 'system'): Promise<void> {
    if (!Number.isSafeInteger(position) || position < 0) {
      throw new InvalidReadError(`position is ${position}. Give a whole number from 0.`);
    }
    const readModels = this.declared().filter(
      (each) => !entities || each.entities.some((entity) => entities.includes(entity)),
    );
    if (readModels.length > 0 && readModels.every((each) => this.hasReachedHere(each, position))) return;
    const leave = this.count.enter(caller);
    try {
      await new Promise<void>((resolve, reject) => {
        this.waiters.add({ position, readModels, resolve, reject, deadline: Date.now() + this.limit });
        this.pause = FIRST_PAUSE;
        if (this.isPolling) this.moved.fire();
        else void this.serveWaiters();
      });
    } finally {
      leave();
    }
  }

  private async serveWaiters(): Promise<void> {
    this.isPolling = true;
    try {
      while (this.waiters.size > 0) {
        if (this.mustReadDatabases) {
          await this.stored.refresh(new Set([...this.waiters].flatMap((waiter) => this.elsewhere(waiter))));
        }
        this.answerWaiters();
        if (this.waiters.size > 0) await this.waitForProgress();
      }
    } catch (error) {
      for (const { reject } of this.waiters) reject(error);
      this.waiters.clear();
    } finally {
      this.isPolling = false;
    }
  }

  private answerWaiters(): void {
    const now = Date.now();
    for (const waiter of this.waiters) {
      const satisfied = this.isSatisfied(waiter);
      if (!satisfied && waiter.deadline > now) continue;
      this.waiters.delete(waiter);
      if (satisfied) waiter.resolve();
      else waiter.reject(new ReadModelBehindError(waiter.position));
    }
  }

  /** Waits until a local read model moves, a new caller waits, or it is time to read the databases again. */
  private async waitForProgress(): Promise<void> {
    const left = Math.min(...[...this.waiters].map(({ deadline }) => deadline)) - Date.now();
    const pause = this.mustReadDatabases ? Math.min(this.pause, left) : left;
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
    await this.moved.wait(Math.max(0, pause));
    this.answerWaiters();
    // Limits the number of reads per second, however many callers begin to wait.
    if (this.mustReadDatabases) await delay(1);
  }

  /** Whether a caller waits for a position that this process must read from the databases. */
  private get mustReadDatabases(): boolean {
    return [...this.waiters].some((each) => each.readModels.length === 0 || this.elsewhere(each).length > 0);
  }

  private isSatisfied(waiter: Waiter): boolean {
    const { position, readModels } = waiter;
    const elsewhere = this.elsewhere(waiter);
    // If a local read model has reached a position, so has the log.
    const isInLog = (readModels.length > 0 && elsewhere.length === 0) || this.stored.head >= position;
    const here = readModels.filter((each) => !elsewhere.includes(each));
    return (
      isInLog &&
      here.every((each) => this.hasReachedHere(each, position)) &&
      elsewhere.every(({ name }) => this.stored.includes(name, position))
    );
  }

  private hasReachedHere({ name }: ReadModelSubscription, position: number): boolean {
    return (this.reached.get(name) ?? -1) >= position;
  }

  /** Those that other nodes run. */
  private elsewhere({ readModels }: Waiter): ReadModelSubscription[] {
    return readModels.filter(({ name }) => !this.reached.has(name));
  }
}
