import { Databases, LeftSubscriptions, MessageHandlers, Subscriptions, type SubscriptionStatus } from '@leftfold/core';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import { OPERATIONS_OPTIONS, type ResolvedOperationsOptions } from '../operations-options.js';
import { withTimeout } from './with-timeout.js';

/** In ms. A slower database counts as unavailable. */
const LONGEST_CHECK = 3_000;

/** Checks what this process needs in order to serve. The reason of a failure is only logged, because the answer is public. */
@Injectable()
export class Readiness {
  private readonly logger = new Logger('Health');
  private hasFailedOver = false;

  constructor(
    private readonly indicators: HealthIndicatorService,
    private readonly databases: Databases,
    private readonly subscriptions: Subscriptions,
    private readonly leaving: LeftSubscriptions,
    private readonly handlers: MessageHandlers,
    @Inject(OPERATIONS_OPTIONS) private readonly options: ResolvedOperationsOptions,
  ) {
    void databases.failedOver.then(() => (this.hasFailedOver = true));
  }

  /**
   * Whether the process can do its work again without a restart. It can't after a failover, because it refuses the new
   * server of the database. A database that is away comes back.
   */
  process(): HealthIndicatorResult {
    const indicator = this.indicators.check('process');
    return this.hasFailedOver
      ? indicator.down('Another server of PostgreSQL has taken over. Restart the process.')
      : indicator.up();
  }

  async database(name: 'events' | 'views'): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(`${name}-database`);
    const problem = await this.problemWith(() => this.databases.ping(name));
    return problem ? indicator.down('The database does not answer.') : indicator.up();
  }

  async readModels(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('subscriptions');
    let statuses: SubscriptionStatus[] = [];
    const problem = await this.problemWith(async () => {
      statuses = await this.subscriptions.list({ commands: false });
      // Then its lag is in the answer. Otherwise it is not worth a count of what may be very many.
      const isSagaNamed = statuses.some(
        (each) => each.kind === 'saga' && (each.state === 'stopped' || each.isUnattended),
      );
      if (isSagaNamed) statuses = await this.subscriptions.list();
    });
    if (problem) return indicator.down('The state of the subscriptions is not known.');
    const shown = ({ name, lag }: SubscriptionStatus) => ({ name, lag });
    const hasStopped = statuses.filter(({ state }) => state === 'stopped');
    const readModels = statuses.filter(({ kind }) => kind === 'read-model');
    const stopped = hasStopped.map(shown);
    const behind = readModels.filter(({ lag }) => lag > this.options.readyLagLimit).map(shown);
    const unattended = statuses.filter(({ isUnattended }) => isUnattended).map(shown);
    const unknown = this.leaving.left();
    const isDown = behind.length + unattended.length > 0 || hasStopped.some(({ kind }) => kind === 'read-model');
    if (isDown) return indicator.down({ stopped, behind, unattended, unknown });
    // A side effect that has stopped or is behind makes no answer stale. What this node does not know, others may run.
    const isImpaired = stopped.length + unknown.length > 0;
    return isImpaired ? indicator.degraded({ stopped, behind, unattended, unknown }) : indicator.up();
  }

  /** Messages that don't arrive make no answer stale, and other nodes would not get them either: degraded, not down. */
  async messages(): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check('messages');
    const statuses = await this.handlers.runHere();
    const stopped = statuses.flatMap(({ name, problem: reason }) => (reason === null ? [] : [{ name, reason }]));
    return stopped.length > 0 ? indicator.degraded({ stopped }) : indicator.up();
  }

  private async problemWith(check: () => Promise<void>): Promise<boolean> {
    try {
      await withTimeout(LONGEST_CHECK, check());
      return false;
    } catch (error) {
      this.logger.warn({ err: error });
      return true;
    }
  }
}
