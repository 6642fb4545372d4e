import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { execute } from '../databases/execute.js';
import type { OpenDatabase } from '../databases/open-database.js';
import { SetupError } from '../errors.js';
import type { SubscriptionRow } from './states/subscription-row.js';
import type { SubscriptionStates } from './states/subscription-states.js';
import type { ParkingSubscription } from './subscription.js';
import type { SubscriptionRegistry } from './subscription-registry.js';

/** Commands in the outbox of a saga. They follow it to its new name, in the transaction of the manager. */
export interface RenamedCommands {
  /** @returns the number of commands */
  rename(manager: EntityManager, from: string, to: string): Promise<number>;
  /** Whether a process executes one of them. */
  areExecuted(manager: EntityManager, saga: string): Promise<boolean>;
  /** Ends the claims of processes that crashed. */
  endClaims(manager: EntityManager, saga: string): Promise<void>;
}

/** Rolls the takeover back. */
class StillInUse extends Error {}

/**
 * Takes over the state of renamed side effects and sagas. The new name continues at the old one's checkpoint, with its
 * parked events and its commands in the outbox. A paused row stays under the old name, so that a process of the earlier
 * version, if it is started again, finds it and does nothing.
 */
export class RenamedSubscriptions {
  private readonly logger = new Logger(RenamedSubscriptions.name);
  private readonly waiting = new Set<string>();

  constructor(
    private readonly database: OpenDatabase,
    private readonly states: SubscriptionStates,
    private readonly registry: SubscriptionRegistry,
    private readonly commands: RenamedCommands,
  ) {}

  /**
   * Moves the state of a subscription's old name to it, if there is one and this was not done before.
   * @returns whether it may have a row of state: false while another version of the program runs the old name
   * @throws SetupError when the old name belongs to another subscription
   */
  async takeOver(subscription: ParkingSubscription): Promise<boolean> {
    if (subscription.formerly.length === 0) return true;
    this.refuseTaken(subscription);
    const former = await this.database.write
      .transaction((manager) => this.takeOverState(manager, subscription))
      .catch((error: unknown) => {
        if (error instanceof StillInUse) return error.message;
        throw error;
      });
    if (former === undefined) return true;
    if (!this.waiting.has(subscription.name)) {
      this.logger.log(
        `"${subscription.name}" waits: another version of this program works under its old name, "${former}".`,
      );
    }
    this.waiting.add(subscription.name);
    return false;
  }

  private refuseTaken({ name, formerly }: ParkingSubscription): void {
    const { parking } = this.registry;
    for (const former of formerly) {
      if (this.registry.find(former)) {
        throw new SetupError(
          `"${name}" was formerly "${former}", which this program has, too. Leave it out of "formerly".`,
        );
      }
      const other = parking.find((each) => each.name !== name && each.formerly.includes(former));
      if (other)
        throw new SetupError(
          `Both "${name}" and "${other.name}" were formerly "${former}". Only one can take over from it.`,
        );
    }
  }

  /** @throws StillInUse while the old name is in use */
  private async takeOverState(manager: EntityManager, subscription: ParkingSubscription): Promise<undefined> {
    const rows = new Map<string, SubscriptionRow>();
    // Always locks in the same order, so that two processes that start together don't deadlock.
    for (const each of [subscription.name, ...subscription.formerly].toSorted()) {
      const row = await this.states.lock(manager, each);
      if (row) rows.set(each, row);
    }
    const own = rows.get(subscription.name);
    if (own && own.successor === null) return;
    const former = subscription.formerly.find((each) => rows.get(each)?.successor === null);
    if (former === undefined) return;
    if (!rows.get(former)!.isFree) throw new StillInUse(former);
    await this.rename(manager, former, subscription);
  }

  private async rename(manager: EntityManager, from: string, { name: to, kind }: ParkingSubscription): Promise<void> {
    const run = <T>(sql: string, ...parameters: unknown[]) => execute<T>(manager.queryRunner!, sql, parameters);
    await run('delete from leftfold_subscriptions where name = ?', to);
    await run(
      `update leftfold_subscriptions set name = ?, owner = case when owner = 'split' then owner end, expires_at = 0,
              epoch = epoch + 1 where name = ?`,
      to,
      from,
    );
    await this.states.ranges.rename(manager, from, to);
    await run('update leftfold_parked_events set subscription = ? where subscription = ?', to, from);
    const commands = await this.commands.rename(manager, from, to);
    if (kind !== 'saga' && commands > 0) {
      throw new SetupError(
        `"${to}" was formerly "${from}", a saga with commands in its outbox. Only a saga can take over from it.`,
      );
    }
    // The rows are locked now, so no process claims a command.
    if (await this.commands.areExecuted(manager, to)) throw new StillInUse(from);
    await this.commands.endClaims(manager, to);
    await run(
      `insert into leftfold_subscriptions (name, version, types, log_id, start_position, position, handled, epoch, expires_at,
                                  halted, last_error, successor)
       select ?, version, types, log_id, position, position, 0, epoch, 0, 'paused', ?, ? from leftfold_subscriptions where name = ?`,
      from,
      `It was renamed to "${to}", which has taken over.`,
      to,
      to,
    );
    this.logger.log(`"${to}" has taken over from "${from}".`);
  }
}
