import type { RecordedEvent } from '../event-log/recorded-event.js';
import { ALL_PARTITIONS } from '../event-log/partition.js';
import { KeptRows } from './kept-rows.js';
import type { Rebuild } from './rebuild/rebuild.js';
import type { Rebuilds } from './rebuild/rebuilds.js';
import type { DeliverySession } from '../subscriptions/runners/delivery.js';
import { IF_IT_HANGS, LONG, reportingLong } from '../subscriptions/runners/long-work.js';
import { PoisonEventError } from '../subscriptions/runners/handler-failure.js';
import { isSameRange } from '../subscriptions/ranges/partition-range.js';
import type { Run } from '../subscriptions/runners/run.js';
import { isRebuilding, type LeasedRow, type SubscriptionRow } from '../subscriptions/states/subscription-row.js';
import type { ReadModelSubscription } from './read-model-subscription.js';
import type { Projector } from './projector.js';
import type { ReadModelPositions } from './read-model-positions.js';

/**
 * Delivers events to a projection under one lease. Rows and checkpoint commit together, so each event is applied
 * exactly once.
 */
export class ReadModelSession implements DeliverySession {
  private readonly closing = new AbortController();
  private rebuildIsWanted = false;
  private readonly kept = new KeptRows();
  /** The running rebuild; settles with whether the rows were replaced. */
  private rebuild: Promise<boolean> | undefined;

  constructor(
    private readonly subscription: ReadModelSubscription,
    private readonly run: Run,
    private readonly projector: Projector,
    private readonly rebuilds: Rebuilds,
    private readonly positions: ReadModelPositions,
  ) {}

  /** Starts a requested rebuild, or resumes an interrupted one, unless processes have crashed on it too often. */
  async resumeRebuild(row: SubscriptionRow): Promise<void> {
    this.rebuildIsWanted = this.canRebuild && isRebuilding(row);
    if (!this.canRebuild || row.rebuild !== 'running' || row.rebuildDeaths < this.subscription.retry.deaths) return;
    const rebuild = await this.prepareRebuild();
    await rebuild.fail(
      new Error(
        `The process died ${row.rebuildDeaths} times during the rebuild without any progress, or was blocked for longer than its lease.`,
      ),
    );
    this.rebuildIsWanted = false;
  }

  /**
   * Does the requested rebuild instead of delivering events.
   * @returns false when it can't be rebuilt under this lease; then nothing is done
   */
  async rebuildNow(): Promise<boolean> {
    if (!this.canRebuild) return false;
    await this.doDueWork();
    await this.rebuild;
    return true;
  }

  /** The position up to which the rows are built. */
  get position(): number {
    return this.run.checkpoint.position;
  }

  rowChanged(row: LeasedRow): void {
    if (this.canRebuild && row.rebuild === 'requested') this.rebuildIsWanted = true;
  }

  async doDueWork(): Promise<number> {
    if (this.rebuildIsWanted && !this.rebuild) {
      this.rebuildIsWanted = false;
      this.kept.clear();
      this.rebuild = this.runToItsEnd(await this.prepareRebuild());
    }
    return Infinity;
  }

  async deliver(events: readonly RecordedEvent[], upTo: number, more: boolean): Promise<number> {
    const { run, projector, subscription } = this;
    // A rebuild replaces the rows between two batches.
    const kept = this.rebuild ? new KeptRows() : this.kept;
    const work = (): Promise<number> =>
      run.checkpoint.move((advance) =>
        projector.intoLiveTables(subscription, {
          events,
          to: upTo,
          kept,
          share: run.share,
          ending: () => run.isEnding,
          advance,
        }),
      );
    const position = await reportingLong(work, () =>
      run.logger.warn(
        `The events from position ${events[0]!.position} on have been under way for ${LONG / 60_000} minutes, and a batch takes ` +
          `less than a second. A handler may hang, or the database. ${IF_IT_HANGS}`,
      ),
    );
    // At the head, a batch reads its rows again, so that a correction by hand is seen.
    if (!more) kept.clear();
    return position;
  }

  /**
   * Moves the checkpoint over events that the read model does not handle.
   * @returns the position
   */
  async skipTo(position: number): Promise<number> {
    await this.run.checkpoint.skipTo(position);
    return this.position;
  }

  /** A read model never skips an event, so it stops there. */
  async skipPoison(event: RecordedEvent, deaths: number): Promise<number> {
    throw new PoisonEventError(event, deaths);
  }

  reached(position: number): void {
    // How far the other ranges are is in the database only.
    if (!this.isPart) this.positions.report(this.subscription.name, position);
  }

  /** A finished rebuild may help: new code may fail on old rows but not on its own. */
  async mayRecover(): Promise<boolean> {
    return (await this.rebuild) ?? false;
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.rebuild;
    this.positions.forget(this.subscription.name);
  }

  /** Whether the lease is for a range of partitions. */
  private get isPart(): boolean {
    return this.run.lease.part !== undefined;
  }

  /**
   * Whether it can be rebuilt: no other node has some of the partitions. A projection that is not partitioned any more may need
   * the order of the whole log, so its partitions must be equally far first; then it runs as one.
   */
  private get canRebuild(): boolean {
    const { part } = this.run.lease;
    return !part || (this.subscription.partitioned && isSameRange(part.range, ALL_PARTITIONS));
  }

  private prepareRebuild(): Promise<Rebuild> {
    const signal = AbortSignal.any([this.run.signal, this.closing.signal]);
    return this.rebuilds.prepare(this.subscription, this.run, signal);
  }

  private async runToItsEnd(rebuild: Rebuild): Promise<boolean> {
    try {
      return (await rebuild.run()) === 'done';
    } catch (error) {
      this.run.logger.warn(`The rebuild was interrupted and resumes at the next start: ${(error as Error).message}`);
      return false;
    } finally {
      this.rebuild = undefined;
    }
  }
}
