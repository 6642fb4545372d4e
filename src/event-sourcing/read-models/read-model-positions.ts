import { setTimeout as delay } from 'node:timers/promises';
import { ExpectedError } from '../errors.js';
import type { EntityClass } from '../databases/open-database.js';
import type { EventLog } from '../event-log/event-log.js';
import type { SubscriptionStates } from '../subscriptions/states/subscription-states.js';
import { Signal } from '../subscriptions/signal.js';
import type { ReadModelSubscription } from '../subscriptions/subscription.js';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';

/** The read models, or the log itself, did not reach the position in time. */
export class ReadModelBehindError extends ExpectedError {
  readonly code = 'read-model-behind';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor(position: number) {
    super(`Position ${position} has not been reached yet. Ask again.`);
  }
}

const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 50;

/** How far the read models are, whichever node runs them. */
export class ReadModelPositions {
  /** What the read models that this process runs have reached; never ahead of what is committed. */
  private readonly reached = new Map<string, number>();
  private readonly moved = new Signal();

  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly states: SubscriptionStates,
    private readonly log: EventLog,
    /** In ms. */
    private readonly limit: number,
  ) {}

  /** @internal */
  report(name: string, position: number): void {
    if (this.reached.get(name) === position) return;
    this.reached.set(name, position);
    this.moved.fire();
  }

  /**
   * The read model is no longer run by this process.
   * @internal
   */
  forget(name: string): void {
    this.reached.delete(name);
    this.moved.fire();
  }

  /**
   * Waits until the read models of these entities (all, when left out) include `position`. For those that this process
   * runs it waits for their own word; the others' rows of state are asked for. Without any (an empty list) it waits for
   * the log alone.
   * @throws ReadModelBehindError after the limit
   */
  async waitFor(position: number, entities?: readonly EntityClass[]): Promise<void> {
    const deadline = Date.now() + this.limit;
    await this.waitForLog(position, deadline);
    let behind = this.registry.readModels.filter(
      (each) => !entities || each.entities.some((entity) => entities.includes(entity)),
    );
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      behind = behind.filter((each) => (this.reached.get(each.name) ?? -1) < position);
      const elsewhere = behind.filter((each) => !this.reached.has(each.name));
      const stillBehind = await this.stillBehind(elsewhere, position);
      behind = behind.filter((each) => !elsewhere.includes(each) || stillBehind.includes(each));
      if (behind.length === 0) return;
      const left = deadline - Date.now();
      if (left <= 0) throw new ReadModelBehindError(position);
      await this.moved.wait(stillBehind.length > 0 ? Math.min(pause, left) : left);
    }
  }

  /** The log itself may not have come so far: the position is another log's, or nobody's. */
  private async waitForLog(position: number, deadline: number): Promise<void> {
    for (let pause = FIRST_PAUSE; (await this.log.head()) < position; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      if (Date.now() + pause > deadline) throw new ReadModelBehindError(position);
      await delay(pause);
    }
  }

  private async stillBehind(
    elsewhere: readonly ReadModelSubscription[],
    position: number,
  ): Promise<ReadModelSubscription[]> {
    if (elsewhere.length === 0) return [];
    const stored = new Map((await this.states.list()).map((state) => [state.name, state.position]));
    const behind: ReadModelSubscription[] = [];
    for (const each of elsewhere) {
      const at = stored.get(each.name) ?? 0;
      if (at < position && (await this.concerns(each, at, position))) behind.push(each);
    }
    return behind;
  }

  /** Whether an event that the read model handles lies between. */
  private async concerns({ types }: ReadModelSubscription, after: number, position: number): Promise<boolean> {
    const { events } = await this.log.readAll({ after, upTo: position, limit: 1, types });
    return events.length > 0;
  }
}
