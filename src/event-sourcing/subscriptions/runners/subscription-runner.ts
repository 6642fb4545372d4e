import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { isDatabaseAway } from '../../event-log/database-away.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { EventSerializer } from '../../events/event-serializer.js';
import type { Telemetry } from '../../telemetry.js';
import { FairShare } from '../fair-share.js';
import type { LogTail } from '../log-tail.js';
import { RetryPolicy } from '../retry-policy.js';
import { type Lease, LeaseLostError } from '../states/lease.js';
import type { SubscriptionRow } from '../states/subscription-row.js';
import type { SubscriptionStates } from '../states/subscription-states.js';
import type { Subscription } from '../subscription.js';
import { Caution } from './caution.js';
import { DeadlyEventError, HandlerFailure, messageOf } from './handler-failure.js';

export interface Surroundings {
  readonly log: EventLog;
  readonly tail: LogTail;
  readonly serializer: EventSerializer;
  readonly states: SubscriptionStates;
  readonly telemetry: Telemetry;
}

/** How often a checkpoint is written that only passed over events of others, in ms. */
const PASSING_INTERVAL = 1_000;

/**
 * Follows the log for one subscription, as long as this process has its lease. Subclasses say how events are delivered.
 */
export abstract class SubscriptionRunner<S extends Subscription = Subscription> {
  protected readonly logger: Logger;
  /** Position up to which everything is done, and said so in the database. */
  protected stored = 0;
  protected readonly share = new FairShare();
  private readonly types: ReadonlySet<string>;
  private readonly retry: RetryPolicy;
  private stopping = new AbortController();
  private loop: Promise<void> | undefined;
  private lease: Lease | undefined;
  private readonly caution = new Caution();

  protected constructor(
    readonly subscription: S,
    protected readonly around: Surroundings,
  ) {
    this.logger = new Logger(`${subscription.kind} ${subscription.name}`);
    this.types = new Set(subscription.types);
    this.retry = new RetryPolicy(subscription.retry);
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
  /** What is to be done between two batches. Answers for how long nothing more is, in ms. */
  protected abstract between(lease: Lease): Promise<number>;
  /** Hands events over, and moves the checkpoint from `stored`. Answers the position that it has moved to. */
  protected abstract deliver(lease: Lease, events: readonly RecordedEvent[], to: number): Promise<number>;
  /** Gets an event out of the way at which processes have died too often, or throws. Answers the new position. */
  protected abstract setAside(lease: Lease, event: RecordedEvent, deaths: number): Promise<number>;
  /** Moves the checkpoint over events of others. */
  protected abstract passOver(lease: Lease, to: number): Promise<void>;
  /** It has come so far; `undefined` when it does not run here any more. */
  protected abstract reached(position: number | undefined): void;
  /** The attempts are used up. Answers whether something happened meanwhile that makes another worth while. */
  protected abstract outlast(): Promise<boolean>;
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

  private async follow(lease: Lease): Promise<void> {
    while (!this.ended) {
      try {
        await this.advanceToTheHead(lease);
      } catch (error) {
        if (error instanceof LeaseLostError || error instanceof DeadlyEventError) throw error;
        const position = error instanceof HandlerFailure ? error.event.position : this.stored;
        const verdict = this.retry.after(causeOf(error), position);
        this.caution.failedAt(position);
        if (verdict === 'stop' && !(await this.outlast())) throw error;
        this.tryingAgain(error);
        await this.pause(this.retry.pause);
        if (!this.ended) await this.findPlace(lease, error);
      }
    }
  }

  /** Until it is told to end. */
  private async advanceToTheHead(lease: Lease): Promise<void> {
    const { tail } = this.around;
    let position = this.stored;
    let storedAt = Date.now();
    while (!this.ended) {
      await this.share.taken();
      const idle = await this.between(lease);
      const { events, upTo } = await this.read(position);
      if (events.length > 0) {
        position = await this.deliverOrSetAside(lease, events, upTo);
        storedAt = Date.now();
        this.retry.succeeded(position);
      } else {
        position = upTo;
        if (position > this.stored && Date.now() - storedAt >= PASSING_INTERVAL) {
          await this.passOver(lease, position);
          storedAt = Date.now();
        }
      }
      this.reached(position);
      if (position >= tail.position && !this.ended) await tail.changed(position, Math.min(idle, PASSING_INTERVAL));
    }
    if (position > this.stored) await this.passOver(lease, position);
  }

  private async deliverOrSetAside(lease: Lease, events: readonly RecordedEvent[], upTo: number): Promise<number> {
    const [first] = events;
    if (this.caution.counts(first!.position)) {
      const { deaths } = this.subscription.retry;
      const begun = await this.around.states.begin(lease, first!.position, deaths);
      if (begun > deaths) return this.setAside(lease, first!, deaths);
    }
    return this.deliver(lease, events, upTo);
  }

  /** The next events, from memory when it is at the head. */
  private async read(after: number): Promise<{ events: RecordedEvent[]; upTo: number }> {
    const limit = this.caution.limitAfter(after);
    const slice = this.around.tail.slice(after, limit);
    if (!slice) return this.around.log.readAll({ after, limit, types: this.subscription.types });
    return {
      events: slice.filter((event) => this.types.has(event.type)),
      upTo: slice.at(-1)?.position ?? after,
    };
  }

  /**
   * An owner that did not give its lease back may have died of an event in its batch. What was in the log by now is
   * delivered one by one with a count each, so that such an event is found.
   */
  private async beCareful({ position }: SubscriptionRow): Promise<void> {
    const { events, upTo } = await this.around.log.readAll({
      after: position,
      limit: Caution.underWay,
      types: this.subscription.types,
    });
    if (events.length > 0) this.caution.diedBefore(upTo);
  }

  /** Whether the work that failed was committed is for the database to say. */
  private async findPlace(lease: Lease, error: unknown): Promise<void> {
    while (!this.ended) {
      try {
        this.stored = await this.around.states.confirm(lease, messageOf(error));
        return;
      } catch (again) {
        if (again instanceof LeaseLostError || this.retry.after(again, this.stored) === 'stop') throw again;
        await this.pause(this.retry.pause);
      }
    }
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
        this.logger.error(`Stopped. It goes on when the cause is mended and it is resumed.`, (error as Error).stack);
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

function causeOf(error: unknown): unknown {
  return error instanceof HandlerFailure ? error.cause : error;
}
