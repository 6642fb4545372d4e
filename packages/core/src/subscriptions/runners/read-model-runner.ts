import { performance } from 'node:perf_hooks';
import type { EntityManager } from 'typeorm';
import { execute } from '../../databases/execute.js';
import { Turns } from '../../databases/turns.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { ReadModelPositions } from '../../read-models/read-model-positions.js';
import { checkOrigin } from '../check-origin.js';
import { Rebuild } from '../rebuild/rebuild.js';
import type { RebuildSurroundings } from '../rebuild/rebuild-surroundings.js';
import type { Lease } from '../states/lease.js';
import type { SubscriptionRow } from '../states/subscription-row.js';
import type { ReadModelSubscription } from '../subscription.js';
import { DeadlyEventError } from './handler-failure.js';
import { project } from './project.js';
import type { Surroundings } from './leased-runner.js';
import { SubscriptionRunner } from './subscription-runner.js';

export interface ReadModelSurroundings extends Surroundings, Omit<RebuildSurroundings, 'shadow'> {
  readonly positions: ReadModelPositions;
  /** Lends the metadata of shadow tables, made when it is first needed. */
  readonly shadow: () => Promise<RebuildSurroundings['shadow']>;
}

/** Folds events into rows. Rows and checkpoint commit together, so each event is applied exactly once. */
export class ReadModelRunner extends SubscriptionRunner<ReadModelSubscription> {
  private readonly turns = new Turns();
  private rebuildIsWanted = false;
  private rebuild: { readonly work: Rebuild; readonly outcome: Promise<boolean> } | undefined;

  constructor(
    subscription: ReadModelSubscription,
    protected override readonly around: ReadModelSurroundings,
  ) {
    super(subscription, around);
  }

  override noticed(row: SubscriptionRow, renewedAt?: number): void {
    super.noticed(row, renewedAt);
    if (row.rebuild === 'requested') this.rebuildIsWanted = true;
  }

  /**
   * Does the rebuild that is wanted, in place of a process that follows the log, and delivers nothing.
   * @returns whether the read model was free to be taken
   */
  rebuildAlone(): Promise<boolean> {
    return this.once(async (lease) => {
      await this.between(lease);
      await this.rebuild?.outcome;
    });
  }

  protected async adopt(row: SubscriptionRow, manager: EntityManager): Promise<boolean> {
    const { name, version, types } = this.subscription;
    const { states, rebuilds } = this.around;
    const isWanted = (row.rebuild === 'requested' || row.rebuild === 'running') && !row.rebuildDryRun;
    if (row.version > version && !isWanted) {
      await execute(manager.queryRunner!, 'update read_models set last_error = ? where name = ?', [
        `Its rows are of version ${row.version}, and this program has version ${version}. ` +
          'Deploy the newer program, or ask for a rebuild.',
        name,
      ]);
      return false;
    }
    const known = JSON.stringify(row.types ?? types) === JSON.stringify(types);
    if (!known || !row.types) await states.recount(manager, this.subscription, row.types !== undefined);
    const planned = row.rebuildPlan ? (JSON.parse(row.rebuildPlan) as { version: number; types: string[] }) : undefined;
    const isUnderWay =
      isWanted &&
      row.rebuild === 'running' &&
      planned?.version === version &&
      JSON.stringify(planned.types) === JSON.stringify(types);
    if ((!known || row.version !== version) && !isUnderWay) await rebuilds.requestAnew(manager, name);
    return true;
  }

  protected async begin(lease: Lease, row: SubscriptionRow, abandoned: boolean): Promise<void> {
    await checkOrigin(row, this.around.log);
    this.rebuildIsWanted = row.rebuild === 'requested' || row.rebuild === 'running';
    if (!abandoned || row.rebuild !== 'running') return;
    await this.around.rebuilds.countDeath(lease);
    if (row.rebuildDeaths + 1 < this.subscription.retry.deaths) return;
    const rebuild = await this.newRebuild(lease);
    await rebuild.fail(new Error(`The process died ${row.rebuildDeaths + 1} times at it without getting any further.`));
    this.rebuildIsWanted = false;
  }

  protected async between(lease: Lease): Promise<number> {
    if (this.rebuildIsWanted && !this.rebuild) {
      this.rebuildIsWanted = false;
      const work = await this.newRebuild(lease);
      this.rebuild = { work, outcome: this.runToItsEnd(work) };
    }
    return Infinity;
  }

  protected deliver(lease: Lease, events: readonly RecordedEvent[], to: number): Promise<number> {
    const { views, serializer, states, layouts } = this.around;
    return this.turns.take(async () => {
      const askedAt = performance.now();
      this.stored = await project(
        {
          handler: this.subscription.handler,
          key: this.subscription.key,
          serializer,
          database: views.write,
          tables: {
            entities: this.subscription.entities,
            layouts,
            reads: views.read.manager,
            within: (manager) => manager,
          },
          share: this.share,
          ending: () => this.ended,
          advance: (manager, move) => states.advance(manager, lease, move),
        },
        events,
        this.stored,
        to,
      );
      lease.renewed(askedAt);
      return this.stored;
    });
  }

  /** A read model skips nothing, so it stops there. */
  protected async setAside(_lease: Lease, event: RecordedEvent, deaths: number): Promise<number> {
    throw new DeadlyEventError(event, deaths);
  }

  protected passOver(lease: Lease, to: number): Promise<void> {
    const { views, states } = this.around;
    return this.turns.take(async () => {
      const move = { from: this.stored, to, handled: 0, eventId: null };
      await views.write.transaction((manager) => states.advance(manager, lease, move));
      this.stored = to;
    });
  }

  protected reached(position: number | undefined): void {
    const { positions } = this.around;
    if (position === undefined) positions.forget(this.subscription.name);
    else positions.report(this.subscription.name, position);
  }

  /** New rows may be what it needs: new code on old rows may fail where it does not on its own. */
  protected async outlast(): Promise<boolean> {
    return (await this.rebuild?.outcome) ?? false;
  }

  protected override end(): void {
    super.end();
    this.rebuild?.work.interrupt();
  }

  protected async close(): Promise<void> {
    this.rebuild?.work.interrupt();
    await this.rebuild?.outcome;
    this.rebuild = undefined;
  }

  private async newRebuild(lease: Lease): Promise<Rebuild> {
    const live = {
      position: (): number => this.stored,
      hold: (work: () => Promise<void>): Promise<void> => this.turns.take(work),
    };
    return new Rebuild(this.subscription, { ...this.around, shadow: await this.around.shadow() }, lease, live);
  }

  /** Answers whether there are new rows. */
  private async runToItsEnd(work: Rebuild): Promise<boolean> {
    try {
      return (await work.run()) === 'done';
    } catch (error) {
      this.logger.warn(`The rebuild ended, and is taken up with the next start: ${(error as Error).message}`);
      return false;
    } finally {
      this.rebuild = undefined;
    }
  }
}
