import type { EventLog } from '../event-log/event-log.js';
import type { OutboxContents, OutboxCount } from '../sagas/outbox/outbox-contents.js';
import { isSaga } from '../sagas/saga-subscription.js';
import type { SubscriptionRow } from '../subscriptions/states/subscription-row.js';
import type { SubscriptionStates } from '../subscriptions/states/subscription-states.js';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import type { Subscription } from '../subscriptions/subscription.js';
import { type SubscriptionStatus, statusOf } from './subscription-status.js';

/** Reads how far the subscriptions are, from their rows of state, the log and the outbox. */
export class SubscriptionStatuses {
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly log: EventLog,
    private readonly states: Readonly<Record<Subscription['kind'], SubscriptionStates>>,
    private readonly outbox: OutboxContents,
    /** In ms. */
    private readonly leaseTtl: number,
  ) {}

  /** All of them, by name. @param withCommands whether to count the commands of sagas */
  async list(withCommands: boolean): Promise<SubscriptionStatus[]> {
    // Reads the rows first, so that the head is at or beyond every checkpoint.
    const rows: SubscriptionRow[] = [];
    for (const states of new Set(Object.values(this.states))) rows.push(...(await states.list()));
    const head = await this.log.head();
    const commands = await this.commands(withCommands ? this.registry.all : []);
    const byName = new Map(rows.map((row) => [row.name, row]));
    const declared = this.registry.all.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    return declared.map((each) => statusOf(each, byName.get(each.name), head, this.leaseTtl, commands.get(each.name)));
  }

  async of(subscription: Subscription): Promise<SubscriptionStatus> {
    const { name, kind } = subscription;
    const row = (await this.states[kind].list()).find((each) => each.name === name);
    const commands = await this.commands([subscription]);
    return statusOf(subscription, row, await this.log.head(), this.leaseTtl, commands.get(name));
  }

  /** Sends no query when none of them is a saga. */
  private async commands(of: readonly Subscription[]): Promise<ReadonlyMap<string, OutboxCount>> {
    return of.some(isSaga) ? this.outbox.count() : new Map();
  }
}
