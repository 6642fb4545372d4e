import { performance } from 'node:perf_hooks';
import { Logger } from '@nestjs/common';
import type { CommandExecutor } from '../sagas/outbox/command-executor.js';
import type { Outbox } from '../sagas/outbox/outbox.js';
import type { DeadLetters } from './parking/dead-letters.js';
import { messageOf } from './runners/handler-failure.js';
import type { RunnerFactory } from './runners/runner-factory.js';
import type { SubscriptionRunner } from './runners/subscription-runner.js';
import type { SubscriptionStates } from './states/subscription-states.js';
import type { SubscriptionRegistry } from './subscription-registry.js';
import { NotRebuildableError, SubscriptionNotFoundError } from './subscriptions.js';

export interface StandInSurroundings {
  readonly registry: SubscriptionRegistry;
  readonly runners: RunnerFactory;
  readonly deadLetters: DeadLetters;
  readonly outbox: Outbox;
  readonly executor: CommandExecutor;
  /** In ms. */
  readonly leaseTtl: number;
}

/**
 * Does one thing that was asked for, while no process runs the subscription that it belongs to. It takes the lease for that
 * long and gives it back; it delivers no event beside. Two who stand in at once exclude each other by the lease.
 */
export class StandIn {
  private readonly logger = new Logger(StandIn.name);

  constructor(private readonly around: StandInSurroundings) {}

  /**
   * Does the rebuild, or the dry run, that was asked for before. What came of it is in the subscription's status.
   * @param signal interrupts it; it is taken up where it was by whoever comes next
   * @returns false when somebody else runs the read model, or it is halted: then nothing was done
   * @throws SubscriptionNotFoundError, NotRebuildableError
   */
  async rebuild(name: string, signal?: AbortSignal): Promise<boolean> {
    const subscription = this.around.registry.find(name);
    if (!subscription) throw new SubscriptionNotFoundError(name);
    if (subscription.kind !== 'read-model') throw new NotRebuildableError(name);
    const runner = this.around.runners.ofReadModel(subscription);
    return this.alive(runner, signal, () => runner.rebuildAlone());
  }

  /**
   * Makes one attempt at a letter whose retry was asked for before, if it is due.
   * @returns false when it is not due, or somebody else has it: then nothing was done
   */
  async retry(letterId: string, signal?: AbortSignal): Promise<boolean> {
    const fate = await this.around.deadLetters.fate(letterId);
    if (!fate || fate.state === 'dead') return false;
    if (fate.kind === 'command') return this.execute(letterId);
    const subscription = this.around.registry.find(fate.subscription);
    if (!subscription || subscription.kind === 'read-model') return false;
    if (!fate.isDue) return false;
    const runner = this.around.runners.ofParking(subscription);
    return this.alive(runner, signal, () => runner.retryAlone(letterId));
  }

  private async execute(letterId: string): Promise<boolean> {
    const { outbox, executor } = this.around;
    const command = await outbox.takeLetter(letterId);
    if (!command) return false;
    const signsOfLife = setInterval(() => void this.attempt(outbox.renew([command.id])), outbox.claimFor / 3);
    try {
      const outcome = await executor.execute(command);
      await outbox.turn([{ command, outcome }], [], 0);
    } finally {
      clearInterval(signsOfLife);
    }
    return true;
  }

  /** Renews the lease while the work goes on. */
  private async alive(
    runner: SubscriptionRunner,
    signal: AbortSignal | undefined,
    work: () => Promise<boolean>,
  ): Promise<boolean> {
    const interrupt = (): void => void runner.stop();
    const heartbeat = setInterval(() => void this.attempt(this.renew(runner)), this.around.leaseTtl / 3);
    signal?.addEventListener('abort', interrupt);
    try {
      return signal?.aborted ? false : await work();
    } finally {
      clearInterval(heartbeat);
      signal?.removeEventListener('abort', interrupt);
    }
  }

  private async renew(runner: SubscriptionRunner): Promise<void> {
    const askedAt = performance.now();
    const states: SubscriptionStates = this.around.runners.statesOf(runner.subscription);
    for (const row of await states.renew()) {
      if (row.name === runner.subscription.name) runner.noticed(row, askedAt);
    }
  }

  /** One sign of life that fails is made up for by the next; when none succeeds, whoever takes over fences this one off. */
  private async attempt(renewal: Promise<void>): Promise<void> {
    try {
      await renewal;
    } catch (error) {
      this.logger.warn(`The lease could not be renewed: ${messageOf(error)}`);
    }
  }
}
