import type { EventLog } from '../event-log/event-log.js';
import type { GoneSubscription } from './gone/gone-subscription.js';
import type { GoneSubscriptions } from './gone/gone-subscriptions.js';
import type { RebuildStates } from './rebuild/rebuild-states.js';
import type { SubscriptionRow } from './states/subscription-row.js';
import type { SubscriptionStates } from './states/subscription-states.js';
import type { Subscription } from './subscription.js';
import type { SubscriptionRegistry } from './subscription-registry.js';
import { statusOf } from './subscription-status.js';
import {
  NotRebuildableError,
  SubscriptionNotFoundError,
  Subscriptions,
  type SubscriptionStatus,
} from './subscriptions.js';

/** Reads and writes the rows of state; who runs the subscriptions finds there what is wanted. */
export class StoredSubscriptions extends Subscriptions {
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly log: EventLog,
    private readonly states: Readonly<Record<Subscription['kind'], SubscriptionStates>>,
    private readonly rebuilds: RebuildStates,
    private readonly gone: GoneSubscriptions,
    /** Tells those who run subscriptions that a row has changed. */
    private readonly announce: () => void,
  ) {
    super();
  }

  async list(): Promise<SubscriptionStatus[]> {
    // The rows first: the head is then at or beyond every checkpoint.
    const rows: SubscriptionRow[] = [];
    for (const states of new Set(Object.values(this.states))) rows.push(...(await states.list()));
    const head = await this.log.head();
    const byName = new Map(rows.map((row) => [row.name, row]));
    const declared = this.registry.all.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    return declared.map((each) => statusOf(each, byName.get(each.name), head));
  }

  async get(name: string): Promise<SubscriptionStatus> {
    const { kind } = this.find(name);
    const row = (await this.states[kind].list()).find((each) => each.name === name);
    return statusOf(this.find(name), row, await this.log.head());
  }

  async pause(name: string): Promise<void> {
    await this.states[this.find(name).kind].pause(name);
    this.announce();
  }

  async resume(name: string): Promise<void> {
    await this.states[this.find(name).kind].resume(name);
    this.announce();
  }

  async rebuild(name: string, { dryRun = false } = {}): Promise<void> {
    if (this.find(name).kind !== 'read-model') throw new NotRebuildableError(name);
    await (dryRun ? this.rebuilds.requestDryRun(name) : this.rebuilds.request(name));
    this.announce();
  }

  listGone(): Promise<GoneSubscription[]> {
    return this.gone.list();
  }

  discardGone(name: string): Promise<void> {
    return this.gone.discard(name);
  }

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
