import { setTimeout as delay } from 'node:timers/promises';
import { ExpectedError } from '../errors.js';
import type { EntityClass } from '../databases/open-database.js';
import type { EventLog } from '../event-log/event-log.js';
import type { ReadModelStates } from '../subscriptions/read-model-states.js';
import type { ReadModelSubscription, SubscriptionRegistry } from '../subscriptions/subscription-registry.js';

/** The read models did not reach the position in time. */
export class ReadModelBehindError extends ExpectedError {
  readonly code = 'read-model-behind';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor(position: number) {
    super(`The read models have not reached position ${position} yet. Ask again.`);
  }
}

const FIRST_PAUSE = 2;
const LONGEST_PAUSE = 50;

/** How far the read models are, whichever node runs them. */
export class ReadModelPositions {
  /** What the read models that this process runs have reached; never ahead of what is committed. */
  private readonly reached = new Map<string, number>();

  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly states: ReadModelStates,
    private readonly log: EventLog,
    /** In ms. */
    private readonly limit: number,
  ) {}

  report(name: string, position: number): void {
    this.reached.set(name, position);
  }

  forget(name: string): void {
    this.reached.delete(name);
  }

  /**
   * Waits until the read models of these entities (all, when left out) include `position`.
   * @throws ReadModelBehindError after the limit
   */
  async waitFor(position: number, entities?: readonly EntityClass[]): Promise<void> {
    const deadline = Date.now() + this.limit;
    let behind = this.registry.readModels.filter(
      (each) => !entities || each.entities.some((entity) => entities.includes(entity)),
    );
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      behind = await this.stillBehind(behind, position);
      if (behind.length === 0) return;
      if (Date.now() + pause > deadline) throw new ReadModelBehindError(position);
      await delay(pause);
    }
  }

  private async stillBehind(
    candidates: readonly ReadModelSubscription[],
    position: number,
  ): Promise<ReadModelSubscription[]> {
    const here = candidates.filter((each) => (this.reached.get(each.name) ?? -1) < position);
    if (here.length === 0) return [];
    const stored = new Map((await this.states.list()).map((state) => [state.name, state.position]));
    const behind: ReadModelSubscription[] = [];
    for (const each of here) {
      const at = stored.get(each.name) ?? 0;
      if (at < position && (await this.concerns(each, at, position))) behind.push(each);
    }
    return behind;
  }

  /** Whether an event that the read model handles lies between, or the log itself has not come so far. */
  private async concerns({ types }: ReadModelSubscription, after: number, position: number): Promise<boolean> {
    if ((await this.log.head()) < position) return true;
    const { events } = await this.log.readAll({ after, upTo: position, limit: 1, types });
    return events.length > 0;
  }
}
