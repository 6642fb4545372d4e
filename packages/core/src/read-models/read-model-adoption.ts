import type { EntityManager } from 'typeorm';
import { execute } from '../databases/execute.js';
import type { RebuildStates } from './rebuild/rebuild-states.js';
import type { SubscriptionRow } from '../subscriptions/states/subscription-row.js';
import type { SubscriptionStates } from '../subscriptions/states/subscription-states.js';
import type { ReadModelSubscription } from './read-model-subscription.js';

/** Updates the row of state of a read model to match this program. */
export class ReadModelAdoption {
  constructor(
    private readonly states: SubscriptionStates,
    private readonly rebuilds: RebuildStates,
  ) {}

  /**
   * Leaves a read model to other nodes, whose rows count events of a type that this program does not know.
   * @returns false
   */
  async refuse({ name }: ReadModelSubscription, type: string, manager: EntityManager): Promise<boolean> {
    await execute(manager.queryRunner!, 'update leftfold_read_models set last_error = ? where name = ?', [
      `Its rows contain events of the type "${type}", which this program does not know. ` +
        'Deploy the program that knows it, list the type in "droppedEvents", or request a rebuild.',
      name,
    ]);
    return false;
  }

  /**
   * Runs in the transaction that claims the lease. Requests a rebuild if the rows are from another version.
   * @param isAbandoned whether the previous owner may have crashed
   * @returns whether the read model may run here: not if its rows are from a newer version
   */
  async adopt(
    subscription: ReadModelSubscription,
    row: SubscriptionRow,
    manager: EntityManager,
    isAbandoned: boolean,
  ): Promise<boolean> {
    const { name, version, types } = subscription;
    const isWanted = isRebuilding(row);
    if (row.version > version && !isWanted) {
      await execute(manager.queryRunner!, 'update leftfold_read_models set last_error = ? where name = ?', [
        `Its rows are of version ${row.version}, and this program has version ${version}. ` +
          'Deploy the newer program, or request a rebuild.',
        name,
      ]);
      return false;
    }
    if (isAbandoned) await this.rebuilds.countDeath(manager, name);
    const known = JSON.stringify(row.types ?? types) === JSON.stringify(types);
    if (!known || !row.types) await this.states.recount(manager, subscription, row.types !== undefined);
    const planned = row.rebuildPlan ? (JSON.parse(row.rebuildPlan) as { version: number; types: string[] }) : undefined;
    const isRunning =
      isWanted &&
      row.rebuild === 'running' &&
      planned?.version === version &&
      JSON.stringify(planned.types) === JSON.stringify(types);
    if ((!known || row.version !== version) && !isRunning) await this.rebuilds.requestForNewVersion(manager, name);
    return true;
  }
}

/** Whether a rebuild is requested or running that replaces the rows. */
export function isRebuilding({ rebuild, rebuildDryRun }: SubscriptionRow): boolean {
  return (rebuild === 'requested' || rebuild === 'running') && !rebuildDryRun;
}
