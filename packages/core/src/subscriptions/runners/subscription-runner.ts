import { isDatabaseAway } from '../../event-log/database-away.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { FairShare } from '../fair-share.js';
import { RetryPolicy } from '../retry-policy.js';
import { type Lease, LeaseLostError } from '../states/lease.js';
import type { SubscriptionRow } from '../states/subscription-row.js';
import type { Subscription } from '../subscription.js';
import { Caution } from './caution.js';
import { BatchFailure, causeOf, DeadlyEventError, HandlerFailure, messageOf } from './handler-failure.js';
import { LeasedRunner, type Surroundings } from './leased-runner.js';

/** How often a checkpoint is written that only passed over events of others, in ms. */
const PASSING_INTERVAL = 1_000;

/**
 * Follows the log for one subscription, as long as this process has its lease. Subclasses say how events are delivered.
 */
export abstract class SubscriptionRunner<S extends Subscription = Subscription> extends LeasedRunner<S> {
  protected readonly share = new FairShare();
  private readonly types: ReadonlySet<string>;
  private readonly retry: RetryPolicy;
  private readonly caution = new Caution();

  protected constructor(subscription: S, around: Surroundings) {
    super(subscription, around);
    this.types = new Set(subscription.types);
    this.retry = new RetryPolicy(subscription.retry);
  }

  /** What is to be done between two batches. Answers for how long nothing more is, in ms. */
  protected abstract between(lease: Lease): Promise<number>;
  /** Hands events over, and moves the checkpoint from `stored`. Answers the position that it has moved to. */
  protected abstract deliver(lease: Lease, events: readonly RecordedEvent[], to: number): Promise<number>;
  /** Gets an event out of the way at which processes have died too often, or throws. Answers the new position. */
  protected abstract setAside(lease: Lease, event: RecordedEvent, deaths: number): Promise<number>;
  /** Moves the checkpoint over events of others. */
  protected abstract passOver(lease: Lease, to: number): Promise<void>;
  /** The attempts are used up. Answers whether something happened meanwhile that makes another worth while. */
  protected abstract outlast(): Promise<boolean>;
  protected async follow(lease: Lease): Promise<void> {
    while (!this.ended) {
      try {
        await this.advanceToTheHead(lease);
      } catch (error) {
        if (error instanceof LeaseLostError || error instanceof DeadlyEventError) throw error;
        if (error instanceof BatchFailure && !isDatabaseAway(error.cause)) {
          await this.tryEachAlone(lease, error);
          continue;
        }
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

  /** It counts as no attempt: whether any of the events is at fault is not known yet. */
  private async tryEachAlone(lease: Lease, failure: BatchFailure): Promise<void> {
    this.logger.warn(`${failure.message}; trying each event alone.`);
    this.caution.failedAt(failure.last.position);
    await this.findPlace(lease, failure);
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
  protected async beCareful({ position }: SubscriptionRow): Promise<void> {
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
}
