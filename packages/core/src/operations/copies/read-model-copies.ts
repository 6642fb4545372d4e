import type { Databases } from '../../databases/databases.js';
import type { EventLog } from '../../event-log/event-log.js';
import { isReadModel, type ReadModelSubscription } from '../../read-models/read-model-subscription.js';
import type { ReadModelSession } from '../../read-models/read-model-session.js';
import type { SubscriptionRegistry } from '../../subscriptions/subscription-registry.js';
import type { Subscription } from '../../subscriptions/subscription.js';
import type { Heartbeat } from '../heartbeat.js';
import type { RunnerFactory } from '../runner-factory.js';
import { SubscriptionNotFoundError } from '../subscription.errors.js';
import { refuseOtherVersion, refuseUnmarked } from './copy-target.js';
import { CopyRefusedError } from './copy.errors.js';

/** Options of a copy. */
export interface ReadModelCopyOptions {
  /** The last position of the copy. */
  readonly until: number;
  /** Called after each batch: the position that is reached, and the last one. */
  readonly onProgress?: (position: number, of: number) => void;
  /** Interrupts it between two batches. The same copy goes on from there. */
  readonly signal?: AbortSignal;
}

const BATCH = 500;

/**
 * Fills a copy of a read model from the log, as of a position. The process must have opened the database of the copy in
 * place of that of the read models, so the live one is out of its reach.
 */
export class ReadModelCopies {
  /** @internal */
  constructor(
    private readonly registry: SubscriptionRegistry,
    /** Creates the row of state of a subscription. */
    private readonly preparation: { restore(subscription: Subscription): Promise<void> },
    private readonly runners: RunnerFactory,
    private readonly heartbeat: Heartbeat,
    private readonly log: EventLog,
    private readonly databases: Databases,
  ) {}

  /** @throws SubscriptionNotFoundError, CopyRefusedError when it is no read model of the program */
  check(name: string): void {
    this.find(name);
  }

  /**
   * @returns the tables that have the rows
   * @throws SubscriptionNotFoundError, CopyRefusedError; the error of its handler; the signal's reason when it is aborted
   */
  async fill(name: string, options: ReadModelCopyOptions): Promise<string[]> {
    const subscription = this.find(name);
    const { read } = this.databases.views;
    await refuseUnmarked(read, name);
    const head = await this.log.head();
    if (options.until > head) throw new CopyRefusedError(`The log ends at position ${head}, before ${options.until}.`);
    await this.preparation.restore(subscription);
    await refuseOtherVersion(read, subscription);
    const runner = this.runners.ofReadModel(subscription);
    const isDone = await this.heartbeat.ofRunner(runner, () =>
      runner.once((session) => this.follow(subscription, session, options)),
    );
    if (!isDone) throw new CopyRefusedError('Another process fills this copy. Wait until it has ended, and try again.');
    return subscription.entities.map((entity) => read.getMetadata(entity).tableName);
  }

  private find(name: string): ReadModelSubscription {
    const subscription = this.registry.find(name);
    if (!subscription) throw new SubscriptionNotFoundError(name);
    if (isReadModel(subscription)) return subscription;
    throw new CopyRefusedError(
      `${name} is a ${subscription.kind.replace('-', ' ')}. Only read models have rows to copy.`,
    );
  }

  private async follow(
    { types }: ReadModelSubscription,
    session: ReadModelSession,
    { until, onProgress, signal }: ReadModelCopyOptions,
  ): Promise<void> {
    let { position } = session;
    if (position > until) {
      throw new CopyRefusedError(
        `The copy is at position ${position} already, after ${until}. Give an empty database.`,
      );
    }
    while (position < until) {
      signal?.throwIfAborted();
      const { events, upTo } = await this.log.readAll({ after: position, upTo: until, limit: BATCH, types });
      position = events.length > 0 ? await session.deliver(events, upTo, upTo < until) : await session.skipTo(upTo);
      onProgress?.(position, until);
    }
  }
}
