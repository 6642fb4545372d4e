import { ALL_PARTITIONS } from '../../event-log/partition.js';
import type { SubscriptionRunner } from '../runners/subscription-runner.js';
import { isHalted } from '../states/restart.js';
import { isRebuilding, type LeasedRow, type SubscriptionRow } from '../states/subscription-row.js';
import { attemptOnNodes } from './attempt-on-nodes.js';
import type { Nodes } from './nodes.js';
import { isSameRange, type SharingNode, shareOf } from './partition-range.js';
import { rebalance } from './range-claim.js';
import { sharedAs } from './shared-as.js';

/**
 * Spreads the partitions of subscriptions over the nodes: gives this node's sign of life, and starts or ends what it
 * holds when nodes come and go. Without it, each subscription runs on one node.
 */
export class RangeKeeper {
  private runners: readonly SubscriptionRunner[] = [];
  private readonly lookingAgain = new Set<SubscriptionRunner>();
  /** What the other nodes know that this one runs. */
  private listed = '';

  constructor(
    private readonly nodes: Nodes,
    /** Notifies all nodes that a range may be free. */
    private readonly announce: () => void,
    /** Makes this node look at the ranges. */
    private readonly wake: () => void,
  ) {}

  /** Joins the nodes, with the subscriptions of this process that can be split. */
  async join(runners: Iterable<SubscriptionRunner>): Promise<void> {
    this.runners = [...runners].filter((each) => this.spreads(each));
    await attemptOnNodes(() => this.nodes.forgetGone());
    if (await this.beat()) this.announce();
  }

  /** @returns whether nodes have come or gone, so that it has to look at the ranges */
  async beat(): Promise<boolean> {
    const names = this.runners
      .filter((each) => !this.isLeftToOthers(each))
      .map(({ subscription }) => sharedAs(subscription));
    const haveChanged = await attemptOnNodes(() => this.nodes.beat(names));
    if (haveChanged === undefined) return false;
    const listed = names.join();
    if (listed === this.listed) return haveChanged;
    const isFirst = this.listed === '';
    this.listed = listed;
    // Otherwise it has read them already.
    if (!haveChanged) await this.look();
    if (!isFirst) this.announce();
    return true;
  }

  /** Reads which nodes are alive: one may have come or gone, as another has notified this one. */
  async look(): Promise<void> {
    if (this.runners.length > 0) await attemptOnNodes(() => this.nodes.readAlive());
  }

  /** Leaves the nodes in order, after all runners have ended. */
  async leave(): Promise<void> {
    await attemptOnNodes(() => this.nodes.leave());
  }

  spreads({ subscription }: SubscriptionRunner): boolean {
    return subscription.partitioned;
  }

  /** Whether it does not hold what it should, so that it has to look at the ranges. */
  isUnsettled(runner: SubscriptionRunner): boolean {
    const share = shareOf(this.nodes.id, this.nodesOf(runner));
    if (!share || !runner.held) return share !== undefined;
    return !(runner.held === 'whole' ? isSameRange(share, ALL_PARTITIONS) : this.isSettledIn(share, runner.held));
  }

  /** Those that divide its partitions. One that is not partitioned may have ranges from an earlier program. */
  private nodesOf(runner: SubscriptionRunner): readonly SharingNode[] {
    return this.spreads(runner) ? this.nodes.running(sharedAs(runner.subscription)) : [{ id: this.nodes.id }];
  }

  /** Whether this node has to give back its range of a read model, because a rebuild is due. */
  hasToMerge({ ranges, rebuild }: LeasedRow): boolean {
    return ranges.length > 0 && isRebuilding({ rebuild });
  }

  /** Acts on a row of state that was read. @param restart also when it was stopped after an error */
  act(runner: SubscriptionRunner, row: SubscriptionRow, restart: boolean): void {
    if (isHalted(row, restart)) return;
    if (runner.isRunning && runner.held === undefined) return this.lookAgain(runner);
    const spread = { whole: row, ranges: row.ranges, isOne: isRebuilding(row) };
    const steered = {
      held: runner.held,
      isRunning: runner.isRunning,
      start: () => runner.start(restart),
      // The other nodes wait for it, and so does this one if it is to get another range.
      giveBack: () => void runner.stop().then(this.announce),
    };
    rebalance(steered, spread, this.nodes.id, this.nodesOf(runner));
  }

  /** What was announced during a claim may be what it did not get. */
  private lookAgain(runner: SubscriptionRunner): void {
    const { claimUnderWay } = runner;
    // While it gives back, nothing is missed: it announces that at the end.
    if (!claimUnderWay || this.lookingAgain.has(runner)) return;
    this.lookingAgain.add(runner);
    void claimUnderWay.then(() => {
      this.lookingAgain.delete(runner);
      this.wake();
    });
  }

  /** Whether this node does not know an event of the subscription, and others run it. Without others, it stays and waits. */
  private isLeftToOthers({ left, subscription }: SubscriptionRunner): boolean {
    return left.type !== undefined && this.nodes.running(sharedAs(subscription)).some(({ id }) => id !== this.nodes.id);
  }

  private isSettledIn(share: { first: number; last: number }, held: { first: number; last: number }): boolean {
    // A range of all partitions becomes one whole again once its partitions are equally far.
    return isSameRange(share, held) && !isSameRange(share, ALL_PARTITIONS);
  }
}
