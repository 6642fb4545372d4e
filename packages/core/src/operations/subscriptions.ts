import type { EventLog } from '../event-log/event-log.js';
import type { GoneSubscription } from './gone/gone-subscription.js';
import type { GoneSubscriptions } from './gone/gone-subscriptions.js';
import type { RebuildStates } from '../read-models/rebuild/rebuild-states.js';
import type { OutboxContents, OutboxCount } from '../sagas/outbox/outbox-contents.js';
import { isSaga } from '../sagas/saga-subscription.js';
import type { SubscriptionRow } from '../subscriptions/states/subscription-row.js';
import type { SubscriptionStates } from '../subscriptions/states/subscription-states.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import { type SubscriptionStatus, statusOf } from './subscription-status.js';
import { NotRebuildableError, SubscriptionNotFoundError } from './subscription.errors.js';

/**
 * The subscriptions of this application, from their rows of state: the same on every node. Requests are written to
 * those rows, and the process that runs the subscription carries them out.
 */
export class Subscriptions {
  /** @internal */
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly log: EventLog,
    private readonly states: Readonly<Record<Subscription['kind'], SubscriptionStates>>,
    private readonly rebuilds: RebuildStates,
    private readonly gone: GoneSubscriptions,
    private readonly outbox: OutboxContents,
    /** Notifies all nodes that a row has changed. */
    private readonly announce: () => void,
  ) {}

  /** All of them, by name. */
  async list(): Promise<SubscriptionStatus[]> {
    // Reads the rows first, so that the head is at or beyond every checkpoint.
    const rows: SubscriptionRow[] = [];
    for (const states of new Set(Object.values(this.states))) rows.push(...(await states.list()));
    const head = await this.log.head();
    const commands = await this.commands(this.registry.all);
    const byName = new Map(rows.map((row) => [row.name, row]));
    const declared = this.registry.all.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    return declared.map((each) => statusOf(each, byName.get(each.name), head, commands.get(each.name)));
  }

  /** @throws SubscriptionNotFoundError */
  async get(name: string): Promise<SubscriptionStatus> {
    const found = this.find(name);
    const { kind } = found;
    const row = (await this.states[kind].list()).find((each) => each.name === name);
    const commands = await this.commands([found]);
    return statusOf(found, row, await this.log.head(), commands.get(name));
  }

  /**
   * Pauses it after the current batch, until it is resumed. Does nothing if it is already paused.
   * @throws SubscriptionNotFoundError
   */
  async pause(name: string): Promise<void> {
    await this.states[this.find(name).kind].pause(name);
    this.announce();
  }

  /**
   * Resumes a paused or stopped subscription at its checkpoint. Does nothing if it is running.
   * @throws SubscriptionNotFoundError
   */
  async resume(name: string): Promise<void> {
    await this.states[this.find(name).kind].resume(name);
    this.announce();
  }

  /**
   * Rebuilds a read model from position 0, while the old rows serve. A running rebuild continues.
   * @param options.dryRun compares the new rows with the old ones and then deletes them
   * @throws SubscriptionNotFoundError, NotRebuildableError, with `dryRun` RebuildUnderWayError
   */
  async rebuild(name: string, { dryRun = false } = {}): Promise<void> {
    if (this.find(name).kind !== 'read-model') throw new NotRebuildableError(name);
    await (dryRun ? this.rebuilds.requestDryRun(name) : this.rebuilds.request(name));
    this.announce();
  }

  /** Side effects and sagas that have a checkpoint but no class in this program any more; by name. */
  listGone(): Promise<GoneSubscription[]> {
    return this.gone.list();
  }

  /**
   * Discards for good the remaining work of a gone subscription: parked events, commands in the outbox, and its
   * checkpoint. If a version of the program still has it, it begins as a new one.
   * @throws SubscriptionNotFoundError, SubscriptionNotGoneError, SubscriptionInUseError
   */
  discardGone(name: string): Promise<void> {
    return this.gone.discard(name);
  }

  /**
   * Moves the remaining work of a gone subscription to another one, such as the same one under its new name. That one
   * retries the parked events and executes the commands. Events that it has delivered itself are left out.
   * @throws SubscriptionNotFoundError for both, SubscriptionNotGoneError, SubscriptionInUseError, UnfitSuccessorError
   */
  async moveGone(name: string, successor: string): Promise<void> {
    await this.gone.move(name, successor);
    this.announce();
  }

  /** Sends no query when none of them is a saga. */
  private async commands(of: readonly Subscription[]): Promise<ReadonlyMap<string, OutboxCount>> {
    return of.some(isSaga) ? this.outbox.count() : new Map();
  }

  private find(name: string): Subscription {
    const found = this.registry.find(name);
    if (!found) throw new SubscriptionNotFoundError(name);
    return found;
  }
}
