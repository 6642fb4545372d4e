import { Logger } from '@nestjs/common';
import { ReadModelRunner, type RunnerSurroundings } from './read-model-runner.js';
import type { SubscriptionRegistry } from './subscription-registry.js';
import { type SubscriptionStatus, Subscriptions } from './subscriptions.js';

export interface HostOptions {
  /** Whether this process runs subscriptions, or only shows them. */
  readonly run: boolean;
  /** How often it gives signs of life, in ms. */
  readonly renewInterval: number;
}

/** Runs the subscriptions of this process, from the moment when the buses are set up. */
export class SubscriptionHost extends Subscriptions {
  private readonly logger = new Logger(SubscriptionHost.name);
  private runners: ReadModelRunner[] = [];
  private renewal: NodeJS.Timeout | undefined;

  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly around: RunnerSurroundings,
    private readonly options: HostOptions,
  ) {
    super();
    registry.whenComplete(() => this.start());
  }

  async list(): Promise<SubscriptionStatus[]> {
    const head = await this.around.log.head();
    const states = new Map((await this.around.states.list()).map((state) => [state.name, state]));
    return this.registry.readModels.map(({ name }) => {
      const state = states.get(name);
      const position = state?.position ?? 0;
      const lag = Math.max(head - position, 0);
      return {
        name,
        kind: 'read-model',
        state: state?.lastError ? 'stopped' : lag > 0 ? 'catching-up' : 'live',
        position,
        lag,
        handled: state?.handled ?? 0,
        owner: state?.owner ?? null,
        lastError: state?.lastError ?? null,
      };
    });
  }

  /** Lets batches under way commit, and gives the leases back. */
  async stop(): Promise<void> {
    clearInterval(this.renewal);
    const ended = this.runners.map((runner) => runner.stop());
    // Wakes those that wait for the next event.
    await this.around.tail.stop();
    await Promise.all(ended);
  }

  private start(): void {
    if (!this.options.run) return;
    this.around.tail.start();
    this.runners = this.registry.readModels.map((each) => new ReadModelRunner(each, this.around));
    for (const runner of this.runners) runner.start();
    this.renewal = setInterval(() => void this.renew(), this.options.renewInterval);
  }

  private async renew(): Promise<void> {
    try {
      await this.around.states.renew();
    } catch (error) {
      // The leases run out if this goes on; then whoever has the database takes over.
      this.logger.warn(`The leases could not be renewed: ${(error as Error).message}`);
    }
  }
}
