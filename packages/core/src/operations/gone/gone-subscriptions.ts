import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { execute } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import type { OutboxTable } from '../../sagas/outbox/outbox-table.js';
import type { SubscriptionRow } from '../../subscriptions/states/subscription-row.js';
import type { SubscriptionStates } from '../../subscriptions/states/subscription-states.js';
import type { Subscription } from '../../subscriptions/subscription.js';
import type { SubscriptionRegistry } from '../../subscriptions/subscription-registry.js';
import { SubscriptionNotFoundError } from '../subscription.errors.js';
import {
  type GoneSubscription,
  SubscriptionInUseError,
  SubscriptionNotGoneError,
  UnfitSuccessorError,
} from './gone-subscription.js';
import { RemainingEvents } from './remaining-events.js';

/** Remaining work of side effects and sagas that no class of this program declares any more. */
export class GoneSubscriptions {
  private readonly logger = new Logger(GoneSubscriptions.name);
  private readonly events: RemainingEvents;

  constructor(
    private readonly database: OpenDatabase,
    private readonly states: SubscriptionStates,
    private readonly registry: SubscriptionRegistry,
    private readonly commands: OutboxTable,
  ) {
    this.events = new RemainingEvents(database);
  }

  /** All of them, by name. */
  async list(): Promise<GoneSubscription[]> {
    const gone = (await this.states.list()).filter(
      ({ name, successor }) => successor === null && !this.registry.find(name),
    );
    if (gone.length === 0) return [];
    const events = await this.events.countBySubscription();
    const commands = await this.commands.countBySaga();
    return gone.map(({ name, position, owner, isFree }) => ({
      name,
      position,
      events: events.get(name) ?? 0,
      commands: commands.get(name) ?? 0,
      owner: isFree ? null : owner,
    }));
  }

  /** Logs a warning for each one that has remaining work. */
  async warn(): Promise<void> {
    for (const { name, events, commands, owner } of await this.list()) {
      if (owner !== null || events + commands === 0) continue;
      this.logger.warn(
        `This program has no subscription "${name}" any more; ${events} events and ${commands} commands are left of it, and ` +
          `they are not processed. If it was renamed, name it in "formerly" of its new name; otherwise move them to the ` +
          `subscription that does its work now, or discard them.`,
      );
    }
  }

  /** @throws SubscriptionNotFoundError, SubscriptionNotGoneError, SubscriptionInUseError */
  discard(name: string): Promise<void> {
    return this.database.write.transaction(async (manager) => {
      await this.lockGone(manager, name);
      await this.events.discard(manager, name);
      await this.commands.deleteAll(manager, name);
      await this.forget(manager, name);
    });
  }

  /** @throws SubscriptionNotFoundError, SubscriptionNotGoneError, SubscriptionInUseError, UnfitSuccessorError */
  move(name: string, successor: string): Promise<void> {
    const found = this.registry.find(successor);
    if (!found) return Promise.reject(new SubscriptionNotFoundError(successor));
    return this.database.write.transaction(async (manager) => {
      // Always locks in the same order, so that two opposite moves don't deadlock.
      const first = name < successor ? [name, successor] : [successor, name];
      for (const each of first) await this.states.lock(manager, each);
      await this.lockGone(manager, name);
      const row = await this.states.lock(manager, successor);
      await this.refuseUnfit(manager, name, found, row);
      await this.events.move(manager, name, successor, row!.startPosition);
      await this.commands.move(manager, name, successor);
      // A process that runs the successor assumes that only it parks events, so it must begin again.
      await this.states.revoke(manager, successor);
      await this.forget(manager, name);
    });
  }

  private async lockGone(manager: EntityManager, name: string): Promise<void> {
    if (this.registry.find(name)) throw new SubscriptionNotGoneError(name);
    const row = await this.states.lock(manager, name);
    if (!row) throw new SubscriptionNotFoundError(name);
    const { executed } = await this.commands.count(manager, name);
    if (!row.isFree || executed > 0) throw new SubscriptionInUseError(name, row.isFree ? null : row.owner);
  }

  private async refuseUnfit(
    manager: EntityManager,
    name: string,
    { kind, name: successor, types }: Subscription,
    row: SubscriptionRow | undefined,
  ): Promise<void> {
    if (kind === 'read-model') throw new UnfitSuccessorError(name, successor, 'it is a read model. Name another.');
    if (!row) throw new UnfitSuccessorError(name, successor, 'it has never run. Start the application first.');
    const { all } = await this.commands.count(manager, name);
    if (all > 0 && kind !== 'saga') {
      throw new UnfitSuccessorError(name, successor, 'there are commands of a saga, and it is none. Name a saga.');
    }
    const left = await this.events.types(manager, name, row.startPosition);
    const unknown = left.find((type) => !types.includes(type));
    if (unknown !== undefined) {
      throw new UnfitSuccessorError(
        name,
        successor,
        `it does not handle "${unknown}". Let it handle that, or discard.`,
      );
    }
  }

  private async forget(manager: EntityManager, name: string): Promise<void> {
    await this.states.ranges.forget(manager, name);
    await execute(manager.queryRunner!, 'delete from leftfold_subscriptions where name = ?', [name]);
  }
}
