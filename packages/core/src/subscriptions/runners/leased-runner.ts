import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isDatabaseAway } from '../../event-log/database-away.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { EventSerializer } from '../../events/event-serializer.js';
import type { Telemetry } from '../../telemetry.js';
import type { LogTail } from '../log-tail.js';
import { type Lease, LeaseLostError } from '../states/lease.js';
import type { SubscriptionRow } from '../states/subscription-row.js';
import type { SubscriptionStates } from '../states/subscription-states.js';
import type { Subscription } from '../subscription.js';
import { causeOf, HandlerFailure, messageOf, stackOf } from './handler-failure.js';

export interface Surroundings {
  readonly log: EventLog;
  readonly tail: LogTail;
  readonly serializer: EventSerializer;
  readonly states: SubscriptionStates;
  readonly telemetry: Telemetry;
}

/** Takes a subscription over, works on it for as long as it has the lease, and gives it back. */
export abstract class LeasedRunner<S extends Subscription> {
  protected readonly logger: Logger;
  /** Position up to which everything is done, and said so in the database. */
  protected stored = 0;
  private stopping = new AbortController();
  private loop: Promise<void> | undefined;
  private lease: Lease | undefined;

  protected constructor(
    readonly subscription: S,
    protected readonly around: Surroundings,
  ) {
    this.logger = new Logger(`${subscription.kind} ${subscription.name}`);
  }

  get isRunning(): boolean {
    return this.loop !== undefined;
  }

  /** @param restart also when it has stopped after an error */
  start(restart: boolean): void {
    if (this.loop) return;
    this.stopping = new AbortController();
    this.loop = this.run(restart).finally(() => (this.loop = undefined));
  }

  /**
   * Takes the subscription over for one piece of work and gives it back, unless somebody else has it or it is halted.
   * @returns whether the work was done here
   */
  protected async once(work: (lease: Lease) => Promise<void>): Promise<boolean> {
    if (this.loop) return false;
    this.stopping = new AbortController();
    const working = this.workOnce(work);
    this.loop = working.then(
      () => undefined,
      () => undefined,
    );
    return working.finally(() => (this.loop = undefined));
  }

  /** Lets the batch under way commit, and gives the lease back. */
  async stop(): Promise<void> {
    this.end();
    await this.loop;
  }

  /**
   * What the row of state says of it while it runs here.
   * @param renewedAt when its lease was renewed, by `performance.now()`, if it was
   */
  noticed(row: SubscriptionRow, renewedAt?: number): void {
    if (!this.lease) return;
    if (renewedAt !== undefined) this.lease.renewed(renewedAt);
    if (row.halted === 'paused' || row.epoch > this.lease.epoch) this.end();
  }

  /** Brings the row in line with this program before it is taken over; answers whether it may run here. */
  protected abstract adopt(row: SubscriptionRow, manager: EntityManager): Promise<boolean>;
  /** After it was taken over. @param abandoned whether the owner before did not give it back */
  protected abstract begin(lease: Lease, row: SubscriptionRow, abandoned: boolean): Promise<void>;
  /** The owner before may have died of an event: what follows is looked at one by one. */
  protected abstract beCareful(row: SubscriptionRow): Promise<void>;
  /** Works on until it is told to end. */
  protected abstract follow(lease: Lease): Promise<void>;
  /** It has come so far; `undefined` when it does not run here any more. */
  protected abstract reached(position: number | undefined): void;
  /** Before the lease is given back. */
  protected abstract close(): Promise<void>;

  protected get ended(): boolean {
    return this.stopping.signal.aborted;
  }

  protected end(): void {
    this.stopping.abort();
    this.around.tail.rouse();
  }

  private async run(restart: boolean): Promise<void> {
    const { states } = this.around;
    let lease: Lease | undefined;
    try {
      const claimed = await states.claim(this.subscription.name, restart, (row, manager) => this.adopt(row, manager));
      if (!claimed) return;
      this.lease = lease = claimed.lease;
      if (claimed.abandoned || claimed.row.attempts > 0) await this.beCareful(claimed.row);
      this.stored = claimed.row.position;
      await this.begin(lease, claimed.row, claimed.abandoned);
      await this.follow(lease);
      await this.close();
      await states.release(lease);
    } catch (error) {
      await this.fail(lease, error);
    } finally {
      this.lease = undefined;
      this.reached(undefined);
    }
  }

  private async workOnce(work: (lease: Lease) => Promise<void>): Promise<boolean> {
    const { states } = this.around;
    const claimed = await states.claim(this.subscription.name, false, (row, manager) => this.adopt(row, manager));
    if (!claimed) return false;
    const { lease, row, abandoned } = claimed;
    this.lease = lease;
    try {
      // Whoever runs it next must still hear that an owner has died; see `beCareful`.
      if (abandoned && row.attempts === 0) await states.begin(lease, row.position, this.subscription.retry.deaths);
      this.stored = row.position;
      await this.begin(lease, row, abandoned);
      await work(lease);
    } finally {
      this.lease = undefined;
      await this.close();
      await states.release(lease);
    }
    return true;
  }

  private async fail(lease: Lease | undefined, error: unknown): Promise<void> {
    if (error instanceof LeaseLostError) {
      this.logger.warn(error.message);
      await this.close();
      return;
    }
    try {
      await this.close();
      if (!lease) {
        this.tryingAgain(error);
      } else if (isDatabaseAway(causeOf(error))) {
        this.tryingAgain(error);
        await this.around.states.release(lease);
      } else {
        this.logger.error('Stopped. Fix the cause, then resume the subscription.', stackOf(error));
        await this.around.states.stop(lease, messageOf(error));
      }
    } catch (cause) {
      this.logger.warn(`Could not note what became of it: ${messageOf(cause)}`);
    }
  }

  /** Tells that work which failed is tried again. */
  protected tryingAgain(error: unknown): void {
    this.logger.warn(`${messageOf(error)}; trying again.`);
    const byHandler = error instanceof HandlerFailure && !isDatabaseAway(error.cause);
    this.around.telemetry.retried(this.subscription.name, byHandler ? 'event' : 'database');
  }

  protected async pause(ms: number): Promise<void> {
    try {
      await delay(ms, undefined, { signal: this.stopping.signal });
    } catch {
      // Aborted: it is time to end.
    }
  }
}
