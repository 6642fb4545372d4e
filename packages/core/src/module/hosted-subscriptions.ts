import type { RunnerFactory } from '../operations/runner-factory.js';
import type { DueJobs } from '../recurring/due-jobs.js';
import type { Presence } from '../subscriptions/ranges/presence.js';
import type { RangeKeeper } from '../subscriptions/ranges/range-keeper.js';
import type { SubscriptionRunner } from '../subscriptions/runners/subscription-runner.js';
import type { BackgroundWork, HostedWork } from '../subscriptions/subscription-host.js';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import type { Subscription } from '../subscriptions/subscription.js';
import type { StatePreparation } from './state-preparation.js';

/** What a process does beside its subscriptions. */
export interface BesideSubscriptions {
  readonly jobs: DueJobs;
  readonly background: readonly BackgroundWork[];
  /** Undefined where each subscription runs in one process. */
  readonly keeper: RangeKeeper | undefined;
  /** Undefined for one-off work, and where the keeper lists the process. */
  readonly presence: Presence | undefined;
}

/** The subscriptions that this process hosts. */
export class HostedSubscriptions implements HostedWork {
  constructor(
    private readonly registry: SubscriptionRegistry,
    /** Undefined in a process that does one-off work: only a serving process decides where a new subscription begins. */
    private readonly preparation: StatePreparation | undefined,
    private readonly factory: RunnerFactory,
    private readonly beside: BesideSubscriptions,
  ) {}

  get background(): readonly BackgroundWork[] {
    return this.beside.background;
  }

  get keeper(): RangeKeeper | undefined {
    return this.beside.keeper;
  }

  get presence(): Presence | undefined {
    return this.beside.presence;
  }

  async prepare(): Promise<void> {
    this.beside.jobs.collect();
    for (const each of this.background) each.checkSetUp?.();
    if (!this.preparation) return;
    await this.beside.jobs.declare();
    await this.preparation.prepareAll();
  }

  async restore(subscription: Subscription): Promise<void> {
    await this.preparation?.restore(subscription);
  }

  runners(): SubscriptionRunner[] {
    return this.factory.all(this.registry);
  }
}
