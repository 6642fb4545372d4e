import type { EntityManager } from 'typeorm';
import { execute } from '../../databases/execute.js';
import type { WriteDatabase } from '../../databases/write-database.js';
import { type Lease, LeaseLostError } from '../../subscriptions/states/lease.js';
import { type SubscriptionRow, subscriptionRow } from '../../subscriptions/states/subscription-row.js';
import type { CheckpointMove } from '../../subscriptions/states/stored-checkpoints.js';
import type { SubscriptionDeclaration } from '../../subscriptions/states/subscription-states.js';
import type { TableComparison } from './compare-tables.js';
import { RebuildUnderWayError } from './rebuild-under-way.error.js';

/** Result of the last finished rebuild. */
export interface RebuildReport {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly position: number;
  readonly comparison: readonly TableComparison[];
  /** A dry run: the rows were compared and not replaced. */
  readonly dryRun?: boolean;
}

/** How far the live rows and the shadow tables are. They differ where some partitions are further than the checkpoint. */
export interface Reached {
  readonly live: number;
  readonly shadow: number;
  /** Number of events in between that both have. */
  readonly handledAhead: number;
}

/** The rebuild columns of a read model's row of state. Every write is fenced by the lease's epoch. */
export class RebuildStates {
  private readonly now: string;

  constructor(private readonly views: WriteDatabase) {
    this.now = views.dialect.now;
  }

  /** A transaction in the database of the read models; see `WriteDatabase`. */
  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.views.transaction(work);
  }

  /** Requests a rebuild. A requested or running rebuild stays as it is; a dry run becomes a rebuild. */
  async request(name: string): Promise<void> {
    const { affected } = await this.views.statement(
      `update leftfold_read_models set rebuild_dry_run = 0 where name = ? and rebuild in ('requested', 'running')`,
      [name],
    );
    if (affected === 0) await this.requestUnlessPending(name, 0);
  }

  /**
   * Requests a dry run, which ends with the comparison. A requested or running dry run stays as it is.
   * @throws RebuildUnderWayError
   */
  async requestDryRun(name: string): Promise<void> {
    if (await this.requestUnlessPending(name, 1)) return;
    const { rows } = await this.views.statement(
      'update leftfold_read_models set name = name where name = ? and rebuild_dry_run = 1 returning name',
      [name],
    );
    if (rows.length === 0) throw new RebuildUnderWayError(name);
  }

  /**
   * Requests a rebuild inside the transaction that claims the lease, and discards shadow tables filled for another
   * plan.
   */
  async requestForNewVersion(manager: EntityManager, name: string): Promise<void> {
    await execute(
      manager.queryRunner!,
      `update leftfold_read_models set rebuild = 'requested', rebuild_error = null, rebuild_deaths = 0, rebuild_position = 0,
              rebuild_dry_run = 0
        where name = ?`,
      [name],
    );
  }

  /**
   * Reads the row and locks it until the transaction ends.
   * @throws LeaseLostError
   */
  async read(manager: EntityManager, { name, epoch, part }: Lease): Promise<SubscriptionRow> {
    // Locks are always taken in this order.
    if (part) {
      await execute(
        manager.queryRunner!,
        `select epoch from leftfold_read_model_ranges where subscription = ? and epoch = ? ${this.views.dialect.forUpdate}`,
        [name, epoch],
      );
    }
    const { rows } = await execute<Parameters<typeof subscriptionRow>[0]>(
      manager.queryRunner!,
      `select *, 0 as is_free from leftfold_read_models where name = ? and epoch = ? ${this.views.dialect.forUpdate}`,
      [name, epoch],
    );
    if (!rows[0]) throw new LeaseLostError(name);
    return subscriptionRow(rows[0]);
  }

  /** Records that the shadow tables exist and are empty. */
  start(manager: EntityManager, lease: Lease, plan: string): Promise<void> {
    return this.write(
      manager,
      lease,
      `rebuild = 'running', rebuild_plan = ?, rebuild_position = 0, rebuild_event_id = null, rebuild_handled = 0,
       rebuild_started_at = ${this.now}`,
      [plan],
    );
  }

  /** From here on an interrupted rebuild begins again: the shadow tables get some of the events after the checkpoint, and not others. */
  forgetPlan(manager: EntityManager, lease: Lease): Promise<void> {
    return this.write(manager, lease, 'rebuild_plan = null', []);
  }

  /** Records, in the transaction that claims the lease, that a process may have crashed while the rebuild ran. */
  async countDeath(manager: EntityManager, name: string): Promise<void> {
    await execute(
      manager.queryRunner!,
      `update leftfold_read_models set rebuild_deaths = rebuild_deaths + 1 where name = ? and rebuild = 'running'`,
      [name],
    );
  }

  /** Moves the shadow tables' checkpoint, in the transaction that writes their rows. */
  advance(manager: EntityManager, lease: Lease, { from, to, handled, eventId }: CheckpointMove): Promise<void> {
    return this.write(
      manager,
      lease,
      `rebuild_position = ?, rebuild_handled = rebuild_handled + ?, rebuild_event_id = coalesce(?, rebuild_event_id),
       rebuild_deaths = 0`,
      [to, handled, eventId],
      from,
    );
  }

  /** Replaces the checkpoint, in the transaction that swaps the tables. */
  async finish(
    manager: EntityManager,
    lease: Lease,
    { version, types }: SubscriptionDeclaration,
    reached: Reached,
    comparison: readonly TableComparison[],
  ): Promise<void> {
    const changes = `version = ?, types = ?, start_position = 0, position = ?, handled = rebuild_handled, event_id = rebuild_event_id,
              last_error = null, attempt_position = null, attempts = 0`;
    const parameters = [version, JSON.stringify(types), reached.live];
    await this.conclude(manager, lease, { changes, parameters }, reached, { comparison });
    if (!lease.part) return;
    // The row of state counts up to the checkpoint, as if the read model had been split there.
    await execute(
      manager.queryRunner!,
      `update leftfold_read_model_ranges set handled = ?, last_error = null, attempt_position = null, attempts = 0
        where subscription = ? and epoch = ?`,
      [reached.handledAhead, lease.name, lease.epoch],
    );
  }

  /** Ends a dry run. The live rows stay. */
  finishDryRun(
    manager: EntityManager,
    lease: Lease,
    reached: Reached,
    comparison: readonly TableComparison[],
  ): Promise<void> {
    const changes = 'rebuild_dry_run = 0';
    return this.conclude(manager, lease, { changes, parameters: [] }, reached, { comparison, dryRun: true });
  }

  fail(manager: EntityManager, lease: Lease, error: string): Promise<void> {
    return this.write(manager, lease, `rebuild = 'failed', rebuild_error = ?, rebuild_plan = null`, [error]);
  }

  private async requestUnlessPending(name: string, dryRun: 0 | 1): Promise<boolean> {
    const { affected } = await this.views.statement(
      `update leftfold_read_models set rebuild = 'requested', rebuild_error = null, rebuild_deaths = 0, rebuild_position = 0,
              rebuild_dry_run = ?
        where name = ? and (rebuild is null or rebuild = 'failed')`,
      [dryRun, name],
    );
    return affected === 1;
  }

  private async conclude(
    manager: EntityManager,
    { name, epoch, part }: Lease,
    { changes, parameters }: { changes: string; parameters: readonly unknown[] },
    { live, shadow }: Reached,
    found: Pick<RebuildReport, 'comparison' | 'dryRun'>,
  ): Promise<void> {
    const checkpoint = part
      ? '(select r.position from leftfold_read_model_ranges r where r.subscription = name and r.epoch = leftfold_read_models.epoch)'
      : 'position';
    const { rows } = await execute<{ started_at: number | string; now: number | string }>(
      manager.queryRunner!,
      `update leftfold_read_models set ${changes}, rebuild = null, rebuild_plan = null
        where name = ? and epoch = ? and ${checkpoint} = ? and rebuild_position = ? and rebuild = 'running'
        returning rebuild_started_at as started_at, ${this.now} as now`,
      [...parameters, name, epoch, live, shadow],
    );
    if (!rows[0]) throw new LeaseLostError(name);
    const report: RebuildReport = {
      startedAt: new Date(Number(rows[0].started_at)).toISOString(),
      finishedAt: new Date(Number(rows[0].now)).toISOString(),
      position: live,
      ...found,
    };
    await execute(manager.queryRunner!, 'update leftfold_read_models set rebuild_report = ? where name = ?', [
      JSON.stringify(report),
      name,
    ]);
  }

  private async write(
    manager: EntityManager,
    { name, epoch }: Lease,
    changes: string,
    parameters: readonly unknown[],
    from?: number,
  ): Promise<void> {
    const { affected } = await execute(
      manager.queryRunner!,
      `update leftfold_read_models set ${changes} where name = ? and epoch = ?` +
        (from === undefined ? '' : ` and rebuild = 'running' and rebuild_position = ?`),
      [...parameters, name, epoch, ...(from === undefined ? [] : [from])],
    );
    if (affected !== 1) throw new LeaseLostError(name);
  }
}
