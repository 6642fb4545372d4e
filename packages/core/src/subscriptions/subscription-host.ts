import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import type { Subscription as RxSubscription } from 'rxjs';
import { messageOf } from './runners/handler-failure.js';
import type { SubscriptionRunner } from './runners/subscription-runner.js';
import type { LogTail } from './log-tail.js';
import type { SubscriptionRow } from './states/subscription-row.js';
import type { SubscriptionStates } from './states/subscription-states.js';
import type { Subscription } from './subscription.js';
import type { Hint, SubscriptionSignals } from './subscription-signals.js';

export interface HostOptions {
  /** Whether this process runs subscriptions. */
  readonly run: boolean;
  /** In ms. */
  readonly leaseTtl: number;
  /** Makes the rows of state that are missing. */
  readonly prepare: () => Promise<void>;
  /** Makes the row of state of one subscription anew, unless another program works in its place. */
  readonly restore: (subscription: Subscription) => Promise<void>;
  readonly runners: () => SubscriptionRunner[];
  /** Executes what sagas have emitted. */
  readonly outbox: BackgroundWork;
}

/** Work that goes on beside the subscriptions, while this process runs them. */
export interface BackgroundWork {
  start(): void;
  /** There may be something to do. */
  look(): void;
  stop(): Promise<void>;
}

/**
 * Runs the subscriptions of this process: gives signs of life for those that it owns, takes over those that nobody runs,
 * and passes on what the rows of state ask for. It is what keeps an idle process quiet: a few statements per lease for all
 * subscriptions together.
 */
export class SubscriptionHost {
  private readonly logger = new Logger(SubscriptionHost.name);
  /** Between two looks for which there was no good reason, in ms. */
  private readonly pauseBetweenLooks: number;
  /** Several kinds may have their rows of state in one table. */
  private readonly places: ReadonlySet<SubscriptionStates>;
  private runners = new Map<string, SubscriptionRunner>();
  private restart = true;
  private stopped = false;
  private prepared: Promise<void> | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  private hints: RxSubscription | undefined;
  private nextLook: NodeJS.Timeout | undefined;
  private lookedAt = 0;
  private looking: Promise<void> | undefined;
  /** Where leases are being renewed: another beat would only queue up behind. */
  private readonly renewing = new Set<SubscriptionStates>();

  constructor(
    private readonly states: Readonly<Record<Subscription['kind'], SubscriptionStates>>,
    private readonly tail: LogTail,
    private readonly signals: SubscriptionSignals,
    private readonly options: HostOptions,
  ) {
    this.pauseBetweenLooks = options.leaseTtl / 4;
    this.places = new Set(Object.values(states));
  }

  /** Once the buses are set up: makes the rows of state before the first command comes, on every node. */
  start(): void {
    this.prepared = this.options.prepare();
    // ready() throws this error. Until it is called, it would be an unhandled rejection.
    this.prepared.catch(() => undefined);
  }

  /** Settles when every subscription has its place in the log, and this process runs what it can. */
  async ready(): Promise<void> {
    await this.prepared;
    if (this.stopped) return;
    this.tail.start();
    if (!this.options.run) return;
    this.runners = new Map(this.options.runners().map((runner) => [runner.subscription.name, runner]));
    this.hints = this.signals.hints$.subscribe((hint) => this.look(hint));
    this.heartbeat = setInterval(() => this.beat(), this.options.leaseTtl / 3);
    this.options.outbox.start();
    await this.survey('certain');
  }

  /** Lets batches under way commit, and gives the leases back. */
  async stop(): Promise<void> {
    this.stopped = true;
    // ready() has thrown its error already.
    await this.prepared?.catch(() => undefined);
    this.hints?.unsubscribe();
    clearInterval(this.heartbeat);
    clearTimeout(this.nextLook);
    await this.looking;
    const ended = [...this.runners.values()].map((runner) => runner.stop());
    await this.tail.stop();
    await Promise.all(ended);
    await this.options.outbox.stop();
    if (this.runners.size > 0) await this.signals.notify();
    this.signals.close();
  }

  /** Looks at the rows of state: at once for a good reason, otherwise not too often. */
  private look(hint: Hint): void {
    if (this.stopped) return;
    if (hint === 'certain') {
      void this.survey(hint);
      return;
    }
    if (this.nextLook) return;
    const wait = Math.max(this.lookedAt + this.pauseBetweenLooks - performance.now(), 0);
    this.nextLook = setTimeout(() => void this.survey(hint), wait);
  }

  private beat(): void {
    for (const states of this.places) void this.renew(states);
    this.look('vague');
  }

  /** Each database by itself: one that is away, or locked, must not let the leases in the other one run out. */
  private async renew(states: SubscriptionStates): Promise<void> {
    if (this.renewing.has(states) || !this.keptIn(states).some((runner) => runner.isRunning)) return;
    this.renewing.add(states);
    const askedAt = performance.now();
    try {
      this.tellAll(await states.renew(), askedAt);
    } catch (error) {
      // The leases run out if this goes on; then whoever has the database takes over.
      this.logger.warn(`The leases could not be renewed: ${messageOf(error)}`);
    } finally {
      this.renewing.delete(states);
    }
  }

  /** One after the other: one that was asked for while another ran sees what has changed since. */
  private survey(hint: Hint): Promise<void> {
    clearTimeout(this.nextLook);
    this.nextLook = undefined;
    this.looking = (this.looking ?? Promise.resolve()).then(() => this.readRows(hint));
    return this.looking;
  }

  private async readRows(hint: Hint): Promise<void> {
    if (this.stopped) return;
    this.lookedAt = performance.now();
    let isComplete = true;
    for (const states of this.places) {
      const runners = this.keptIn(states);
      // The heartbeat brings the rows of those that run here.
      const matters = hint === 'certain' ? runners.length > 0 : runners.some((runner) => !runner.isRunning);
      if (!matters) continue;
      try {
        const rows = await states.list();
        for (const row of rows) this.consider(row);
        for (const runner of runners) await this.restore(runner, rows);
      } catch (error) {
        isComplete = false;
        this.logger.warn(`The state of the subscriptions can't be read at the moment: ${messageOf(error)}`);
      }
    }
    if (isComplete) this.restart = false;
    this.tail.rouse();
    this.options.outbox.look();
  }

  private consider(row: SubscriptionRow): void {
    const runner = this.runners.get(row.name);
    if (!runner || this.stopped) return;
    if (runner.isRunning) runner.rowChanged(row);
    else if (row.isFree && row.halted === null) runner.start(false);
    else if (row.isFree && row.halted === 'stopped' && this.restart) runner.start(true);
  }

  /** A program that has the read model under its old name takes the row with it when it starts. */
  private async restore({ subscription, isRunning }: SubscriptionRunner, rows: SubscriptionRow[]): Promise<void> {
    if (isRunning || this.stopped || rows.some(({ name }) => name === subscription.name)) return;
    try {
      await this.options.restore(subscription);
    } catch (error) {
      this.logger.warn(`The row of state of ${subscription.name} is missing, and can't be made: ${messageOf(error)}`);
    }
  }

  private tellAll(rows: readonly SubscriptionRow[], askedAt: number): void {
    for (const row of rows) this.runners.get(row.name)?.rowChanged(row, askedAt);
    this.tail.rouse();
  }

  private keptIn(states: SubscriptionStates): SubscriptionRunner[] {
    return [...this.runners.values()].filter(({ subscription }) => this.states[subscription.kind] === states);
  }
}
