import type { GoneSubscription } from './gone/gone-subscription.js';
import type { GoneSubscriptions } from './gone/gone-subscriptions.js';
import type { RebuildStates } from '../read-models/rebuild/rebuild-states.js';
import type { SubscriptionStates } from '../subscriptions/states/subscription-states.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import type { SubscriptionStatus } from './subscription-status.js';
import type { SubscriptionStatuses } from './subscription-statuses.js';
import { NotRebuildableError, SubscriptionNotFoundError } from './subscription.errors.js';

/**
 * The subscriptions of this application, from their rows of state: the same on every node. Requests are written to
 * those rows, and the process that runs the subscription carries them out.
 */
export class Subscriptions {
  /** @internal */
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly statuses: SubscriptionStatuses,
    private readonly states: Readonly<Record<Subscription['kind'], SubscriptionStates>>,
    private readonly rebuilds: RebuildStates,
    private readonly gone: GoneSubscriptions,
    /** Notifies all nodes that a row has changed. */
    private readonly announce: () => void,
  ) {}

  /**
   * All of them, by name.
   * @param commands whether to count the commands of sagas; true when left out. That takes time if there are very many.
   * Without it they count as 0.
   */
  list({ commands = true }: { readonly commands?: boolean } = {}): Promise<SubscriptionStatus[]> {
    return this.statuses.list(commands);
  }

  /** @throws SubscriptionNotFoundError */
  async get(name: string): Promise<SubscriptionStatus> {
    return this.statuses.of(this.find(name));
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

  private find(name: string): Subscription {
    const found = this.registry.find(name);
    if (!found) throw new SubscriptionNotFoundError(name);
    return found;
  }
}
