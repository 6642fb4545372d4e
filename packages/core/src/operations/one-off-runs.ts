import type { CommandAttempt } from './command-attempt.js';
import type { Heartbeat } from './heartbeat.js';
import type { DeadLetters } from './dead-letters.js';
import type { RunnerFactory } from './runner-factory.js';
import type { SubscriptionRunner } from '../subscriptions/runners/subscription-runner.js';
import type { MessageRetries } from '../inbox/message-retries.js';
import { isReadModel } from '../read-models/read-model-subscription.js';
import { isParking } from '../subscriptions/subscription.js';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry.js';
import { NotRebuildableError, SubscriptionNotFoundError } from './subscription.errors.js';

/**
 * Does one requested piece of work for a subscription that no process runs: a rebuild or a retry. It holds the lease
 * for that time and delivers no other event. The lease keeps two such runs from doing the same work.
 */
export class OneOffRuns {
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly runners: RunnerFactory,
    private readonly deadLetters: DeadLetters,
    private readonly commandAttempt: CommandAttempt,
    private readonly heartbeat: Heartbeat,
    private readonly messages: MessageRetries,
  ) {}

  /**
   * Does the requested rebuild or dry run. The subscription's status has the result.
   * @param signal interrupts it; the next owner resumes it
   * @returns false when another process runs the read model, or it is halted; then nothing was done
   * @throws SubscriptionNotFoundError, NotRebuildableError
   */
  async rebuild(name: string, signal?: AbortSignal): Promise<boolean> {
    const subscription = this.registry.find(name);
    if (!subscription) throw new SubscriptionNotFoundError(name);
    if (!isReadModel(subscription)) throw new NotRebuildableError(name);
    const runner = this.runners.ofReadModel(subscription);
    return this.interruptible(runner, signal, async () => {
      let isDone = false;
      const isHere = await runner.once(async (session) => {
        isDone = await session.rebuildNow();
      });
      return isHere && isDone;
    });
  }

  /**
   * Makes one attempt at a letter whose retry was requested, if it is due.
   * @returns false when it is not due, or another process has it; then nothing was done
   */
  async retry(letterId: string, signal?: AbortSignal): Promise<boolean> {
    const fate = await this.deadLetters.fate(letterId);
    if (!fate || fate.state === 'dead') return false;
    if (fate.kind === 'command') return this.commandAttempt.make(letterId, this.heartbeat);
    if (fate.kind === 'message') return this.messages.retryOne(letterId);
    const subscription = this.registry.find(fate.subscription);
    if (!subscription || !isParking(subscription)) return false;
    if (!fate.isDue) return false;
    const runner = this.runners.ofParking(subscription);
    return this.interruptible(runner, signal, () => runner.once((session) => session.retryNow(letterId)));
  }

  private async interruptible(
    runner: SubscriptionRunner,
    signal: AbortSignal | undefined,
    work: () => Promise<boolean>,
  ): Promise<boolean> {
    const interrupt = (): void => void runner.stop();
    signal?.addEventListener('abort', interrupt);
    try {
      return signal?.aborted ? false : await this.heartbeat.ofRunner(runner, work);
    } finally {
      signal?.removeEventListener('abort', interrupt);
    }
  }
}
