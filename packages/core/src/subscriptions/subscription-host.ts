import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import type { Subscription as RxSubscription } from 'rxjs';
import type { Presence } from './ranges/presence.js';
import type { RangeKeeper } from './ranges/range-keeper.js';
import { messageOf } from './runners/handler-failure.js';
import type { SubscriptionRunner } from './runners/subscription-runner.js';
import type { LogTail } from './log-tail.js';
import type { LeasedRow, SubscriptionRow } from './states/subscription-row.js';
import { isHalted } from './states/restart.js';
import type { SubscriptionStates } from './states/subscription-states.js';
import type { Subscription } from './subscription.js';
import type { Hint, SubscriptionSignals } from './subscription-signals.js';

export interface HostOptions {
  /** Whether this process runs subscriptions. */
  readonly run: boolean;
  /** In ms. */
  readonly leaseTtl: number;
}

/** The subscriptions of this process, and the background work beside them. */
export interface HostedWork {
  /** Creates missing rows of state. */
  prepare(): Promise<void>;
  /** Recreates the row of state of one subscription, unless another program has taken over from it. */
  restore(subscription: Subscription): Promise<void>;
  runners(): SubscriptionRunner[];
  /** Executes the commands of the outbox, and adds those of recurring jobs. Stopped in the same order. */
  readonly background: readonly BackgroundWork[];
  /** Spreads partitions over nodes; undefined where each subscription runs in one process. */
  readonly keeper?: RangeKeeper | undefined;
  /** Lists this process among the nodes; undefined for one-off work, and where the keeper does it. */
  readonly presence?: Presence | undefined;
}

/** Background work that runs in processes that run subscriptions. */
export interface BackgroundWork {
  /**
   * Checks what the program declares, also in processes that don't run it.
   * @throws SetupError
   */
  checkSetUp?(): void;
  start(): void;
  /** Checks for work: there may be some. */
  check(): void;
  stop(): Promise<void>;
}

/**
 * Runs the subscriptions of this process: renews its leases, claims subscriptions without an owner, and acts on
 * requests in the rows of state. An idle process sends only a few statements per lease for all subscriptions together.
 */
export class SubscriptionHost {
  private readonly logger = new Logger(SubscriptionHost.name);
  /** Minimum interval between polls, in ms. */
  private readonly pollInterval: number;
  /** Several kinds of subscription may have their rows of state in one table. */
  private readonly tables: ReadonlySet<SubscriptionStates>;
  private runners = new Map<string, SubscriptionRunner>();
  private restart = true;
  private stopped = false;
  private prepared: Promise<void> | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private hints: RxSubscription | undefined;
  private nextPoll: NodeJS.Timeout | undefined;
  /** Reads the rows of state when the first pause after an error is over. */
  private nextRestart: NodeJS.Timeout | undefined;
  private restartsAt = Infinity;
  private polledAt = 0;
  private polling: Promise<void> | undefined;
  /** Their rows are read again when they have ended. */
  private readonly awaited = new Set<SubscriptionRunner>();
  /** Databases with a renewal in progress. Another renewal would only queue up behind it. */
  private readonly renewing = new Set<SubscriptionStates>();

  constructor(
    private readonly states: Readonly<Record<Subscription['kind'], SubscriptionStates>>,
    private readonly tail: LogTail,
    private readonly signals: SubscriptionSignals,
    private readonly hosted: HostedWork,
    private readonly options: HostOptions,
  ) {
    this.pollInterval = options.leaseTtl / 4;
    this.tables = new Set(Object.values(states));
  }

  /** Call after the buses are set up. Creates the rows of state before the first command, on every node. */
  start(): void {
    this.prepared = this.hosted.prepare();
    // ready() throws this error. Until it is called, it would be an unhandled rejection.
    this.prepared.catch(() => undefined);
  }

  /** Settles when every subscription has its checkpoint, and this process runs what it can. */
  async ready(): Promise<void> {
    await this.prepared;
    if (this.stopped) return;
    this.tail.start();
    await this.hosted.presence?.join();
    if (!this.options.run) return;
    this.runners = new Map(this.hosted.runners().map((runner) => [runner.subscription.name, runner]));
    for (const runner of this.runners.values()) runner.whenPaused((ms) => this.onPause(runner, ms));
    this.hints = this.signals.hints$.subscribe((hint) => this.requestPoll(hint));
    this.heartbeat = setInterval(() => this.onHeartbeat(), this.options.leaseTtl / 3);
    for (const each of this.hosted.background) each.start();
    await this.hosted.keeper?.join(this.runners.values());
    await this.poll('certain');
  }

  /** The subscriptions that this node has left to others, because it does not know the type of their next event. */
  left(): { readonly name: string; readonly type: string }[] {
    return [...this.runners.values()].flatMap(({ left: { type }, subscription: { name } }) =>
      type === undefined ? [] : [{ name, type }],
    );
  }

  /** Lets current batches commit and releases the leases. */
  async stop(): Promise<void> {
    this.stopped = true;
    // ready() has thrown its error already.
    await this.prepared?.catch(() => undefined);
    this.hints?.unsubscribe();
    clearInterval(this.heartbeat);
    clearTimeout(this.nextPoll);
    clearTimeout(this.nextRestart);
    await this.polling;
    const ended = [...this.runners.values()].map((runner) => runner.stop());
    await this.tail.stop();
    await Promise.all(ended);
    for (const each of this.hosted.background) await each.stop();
    await (this.options.run ? this.hosted.keeper : undefined)?.leave();
    await this.hosted.presence?.leave();
    if (this.runners.size > 0) await this.signals.notify();
    this.signals.close();
  }

  /** Reads the rows of state: at once on a certain hint, otherwise at a limited rate. */
  private requestPoll(hint: Hint): void {
    if (this.stopped) return;
    if (hint === 'certain') {
      void this.poll(hint);
      return;
    }
    if (this.nextPoll) return;
    const wait = Math.max(this.polledAt + this.pollInterval - performance.now(), 0);
    this.nextPoll = setTimeout(() => void this.poll(hint), wait);
  }

  private onHeartbeat(): void {
    for (const states of this.tables) void this.renew(states);
    void this.beat();
  }

  private async beat(): Promise<void> {
    const haveNodesChanged = (await this.hosted.keeper?.beat()) ?? false;
    this.requestPoll(haveNodesChanged ? 'certain' : 'vague');
  }

  /** Renews each database separately: if one is away or locked, leases in the other must not expire. */
  private async renew(states: SubscriptionStates): Promise<void> {
    if (this.renewing.has(states) || !this.runnersWithStateIn(states).some((runner) => runner.isRunning)) return;
    this.renewing.add(states);
    const askedAt = performance.now();
    try {
      this.rowsRenewed(await states.renew(), askedAt);
    } catch (error) {
      // If this continues, the leases expire and a process with a working database takes over.
      this.logger.warn(`The leases could not be renewed: ${messageOf(error)}`);
    } finally {
      this.renewing.delete(states);
    }
  }

  /** One at a time: a survey requested during another one runs after it and sees later changes. */
  private poll(hint: Hint): Promise<void> {
    clearTimeout(this.nextPoll);
    this.nextPoll = undefined;
    this.polling = (this.polling ?? Promise.resolve()).then(() => this.readRows(hint));
    return this.polling;
  }

  private async readRows(hint: Hint): Promise<void> {
    if (this.stopped) return;
    this.polledAt = performance.now();
    let isComplete = true;
    if (hint === 'certain') await this.hosted.keeper?.look();
    for (const states of this.tables) {
      const runners = this.runnersWithStateIn(states);
      // The heartbeat reads the rows of subscriptions that run here.
      const matters = hint === 'certain' ? runners.length > 0 : runners.some((each) => this.hasToLook(each));
      if (!matters) continue;
      try {
        const rows = await states.list();
        for (const row of rows) this.actOn(row);
        for (const runner of runners) await this.restore(runner, rows);
      } catch (error) {
        isComplete = false;
        this.logger.warn(`The state of the subscriptions can't be read at the moment: ${messageOf(error)}`);
      }
    }
    if (isComplete) this.restart = false;
    this.tail.wakeAll();
    for (const each of this.hosted.background) each.check();
  }

  private hasToLook(runner: SubscriptionRunner): boolean {
    return !runner.isRunning || (this.hosted.keeper?.isUnsettled(runner) ?? false);
  }

  private actOn(row: SubscriptionRow): void {
    const runner = this.runners.get(row.name);
    if (!runner || this.stopped) return;
    if (row.restartIn !== null && row.restartIn > 0) this.lookAgainIn(row.restartIn);
    if (runner.isRunning) {
      runner.rowChanged(row);
      this.lookAgainAfter(runner);
    } else if (runner.left.isWaiting) return;
    const { keeper } = this.hosted;
    if (keeper && (keeper.spreads(runner) || row.ranges.length > 0)) keeper.act(runner, row, this.restart);
    else if (runner.isRunning) return;
    else if (row.isFree && !isHalted(row, this.restart)) runner.start(row.halted === 'stopped' && this.restart);
  }

  /** A node that has left a subscription lets the others know, because one of them may run it. */
  private onPause(runner: SubscriptionRunner, ms: number): void {
    this.lookAgainIn(ms);
    if (runner.left.type !== undefined) void this.beat().then(() => this.signals.announce());
  }

  /** What was asked for while a run ends, such as to resume, would otherwise be seen at the next poll only. */
  private lookAgainAfter(runner: SubscriptionRunner): void {
    const { ending } = runner;
    if (!ending || this.awaited.has(runner)) return;
    this.awaited.add(runner);
    void ending.then(() => {
      this.awaited.delete(runner);
      this.requestPoll('certain');
    });
  }

  /** Reads the rows of state when a pause after an error is over, unless another pause is over earlier. */
  private lookAgainIn(ms: number): void {
    const at = performance.now() + ms;
    if (this.stopped || at >= this.restartsAt) return;
    clearTimeout(this.nextRestart);
    this.restartsAt = at;
    this.nextRestart = setTimeout(() => {
      this.restartsAt = Infinity;
      void this.poll('vague');
    }, ms);
  }

  /** A program that has the read model under its old name takes the row over when it starts. */
  private async restore({ subscription, isRunning }: SubscriptionRunner, rows: SubscriptionRow[]): Promise<void> {
    if (isRunning || this.stopped || rows.some(({ name }) => name === subscription.name)) return;
    try {
      await this.hosted.restore(subscription);
    } catch (error) {
      this.logger.warn(`The row of state of ${subscription.name} is missing, and can't be made: ${messageOf(error)}`);
    }
  }

  private rowsRenewed(rows: readonly LeasedRow[], askedAt: number): void {
    for (const row of rows) this.runners.get(row.name)?.rowChanged(row, askedAt);
    if (rows.some((row) => this.hosted.keeper?.hasToMerge(row))) this.requestPoll('certain');
    this.tail.wakeAll();
  }

  private runnersWithStateIn(states: SubscriptionStates): SubscriptionRunner[] {
    return [...this.runners.values()].filter(({ subscription }) => this.states[subscription.kind] === states);
  }
}
