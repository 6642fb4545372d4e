import type { EventLog } from '../event-log/event-log.js';
import type { GoneSubscription } from './gone/gone-subscription.js';
import type { GoneSubscriptions } from './gone/gone-subscriptions.js';
import type { RebuildStates } from '../read-models/rebuild/rebuild-states.js';
import type { SubscriptionRow } from '../subscriptions/states/subscription-row.js';
import type { SubscriptionStates } from '../subscriptions/states/subscription-states.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import { type SubscriptionStatus, statusOf } from './subscription-status.js';
import { NotRebuildableError, SubscriptionNotFoundError } from './subscription.errors.js';

/**
 * The subscriptions of this application, from their rows of state: the same on every node. What is asked for here is
 * written to those rows, and done by the process that runs the subscription.
 */
export class Subscriptions {
  /** @internal */
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly log: EventLog,
    private readonly states: Readonly<Record<Subscription['kind'], SubscriptionStates>>,
    private readonly rebuilds: RebuildStates,
    private readonly gone: GoneSubscriptions,
    /** Tells those who run subscriptions that a row has changed. */
    private readonly announce: () => void,
  ) {}

  /** All of them, by name. */
  async list(): Promise<SubscriptionStatus[]> {
    // The rows first: the head is then at or beyond every checkpoint.
    const rows: SubscriptionRow[] = [];
    for (const states of new Set(Object.values(this.states))) rows.push(...(await states.list()));
    const head = await this.log.head();
    const byName = new Map(rows.map((row) => [row.name, row]));
    const declared = this.registry.all.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    return declared.map((each) => statusOf(each, byName.get(each.name), head));
  }

  /** @throws SubscriptionNotFoundError */
  async get(name: string): Promise<SubscriptionStatus> {
    const { kind } = this.find(name);
    const row = (await this.states[kind].list()).find((each) => each.name === name);
    return statusOf(this.find(name), row, await this.log.head());
  }

  /**
   * Ends it after the batch under way, until it is resumed. One that is paused stays so.
   * @throws SubscriptionNotFoundError
   */
  async pause(name: string): Promise<void> {
    await this.states[this.find(name).kind].pause(name);
    this.announce();
  }

  /**
   * Lets one that is paused or stopped go on where it ended. One that runs goes on running.
   * @throws SubscriptionNotFoundError
   */
  async resume(name: string): Promise<void> {
    await this.states[this.find(name).kind].resume(name);
    this.announce();
  }

  /**
   * Fills a read model anew from position 0, while the old rows serve. One that is being rebuilt goes on.
   * @param options.dryRun the new rows are compared with the old ones and thrown away
   * @throws SubscriptionNotFoundError, NotRebuildableError, with `dryRun` RebuildUnderWayError
   */
  async rebuild(name: string, { dryRun = false } = {}): Promise<void> {
    if (this.find(name).kind !== 'read-model') throw new NotRebuildableError(name);
    await (dryRun ? this.rebuilds.requestDryRun(name) : this.rebuilds.request(name));
    this.announce();
  }

  /** Side effects and sagas that have a place in the log, and no class in this program any more; by name. */
  listGone(): Promise<GoneSubscription[]> {
    return this.gone.list();
  }

  /**
   * Gives up for ever what is left of one that is gone: events that are set aside, commands in the outbox, its place in the
   * log. A version of the program that has it begins anew.
   * @throws SubscriptionNotFoundError, SubscriptionNotGoneError, SubscriptionInUseError
   */
  discardGone(name: string): Promise<void> {
    return this.gone.discard(name);
  }

  /**
   * Lets another subscription do what is left of one that is gone, because it has another name now. It tries the events that
   * are set aside, and executes the commands. Events that it has delivered itself since it began are left out.
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
