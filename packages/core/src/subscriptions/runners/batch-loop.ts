import { isDatabaseAway } from '../../event-log/database-away.js';
import type { EventFilter } from '../../event-log/event-filter.js';
import type { EventLog, LogSlice } from '../../event-log/event-log.js';
import type { LogTail } from '../log-tail.js';
import { ReadAhead } from '../read-ahead.js';
import { RetryPolicy } from '../retry-policy.js';
import { LeaseLostError } from '../states/lease.js';
import type { Subscription } from '../subscription.js';
import { MOST_EVENTS } from './batch-size.js';
import { type Batch, Batches } from './batches.js';
import type { DeliverySession } from './delivery.js';
import { BatchFailure, causeOf, PoisonEventError, HandlerFailure, messageOf } from './handler-failure.js';
import { type KnownEvents, NotKnownHereError, UndeclaredTypeError } from './known-events.js';
import type { Run } from './run.js';

/** How often the checkpoint is written while no event matches, in ms. */
const SKIP_INTERVAL = 1_000;
/** The same for a part of a read model: queries wait until all parts include a position. */
const PART_SKIP_INTERVAL = 50;

/** Delivers batch after batch from the checkpoint to the head, then follows new events, and retries failures. */
export class BatchLoop {
  private readonly retry: RetryPolicy;
  private readonly batches: Batches;
  private readonly ahead: ReadAhead;

  constructor(
    private readonly subscription: Subscription,
    private readonly run: Run,
    private readonly log: EventLog,
    private readonly tail: LogTail,
    private readonly known: KnownEvents,
  ) {
    this.batches = new Batches(subscription.kind);
    this.retry = new RetryPolicy(subscription.retry, run.checkpoint.restarts > 0);
    // It stopped at the next event, most likely.
    if (run.checkpoint.restarts > 0) this.batches.suspects.failedAt(run.checkpoint.position + 1);
    this.ahead = new ReadAhead(log, (next) => log.readAll({ ...next, ...this.filterBy(known.types) }));
  }

  /**
   * A previous owner may have crashed on an event. From here on, the events that may have been in its batch are delivered
   * one at a time, and each is counted, so that a poison event is found. If the previous owner had fewer partitions, its
   * batch may have reached further; then a poison event is found after another crash.
   */
  async suspectPoison(): Promise<void> {
    const { subscription } = this;
    const { size, suspects } = this.batches;
    let after = this.run.checkpoint.position;
    for (let left: number = MOST_EVENTS[subscription.kind]; left > 0;) {
      const limit = Math.min(left, size.next);
      const { events, upTo } = await this.log.readAll({ after, limit, ...this.filterBy(subscription.types) });
      if (events.length > 0) suspects.suspectPoisonUpTo(upTo);
      if (events.length < limit) return;
      size.learn(events, true);
      left -= limit;
      after = upTo;
    }
  }

  /**
   * Delivers until the run is to end.
   * @throws LeaseLostError, PoisonEventError, NotKnownHereError, UndeclaredTypeError, and the last failure when its attempts are used up
   */
  async deliverTo(session: DeliverySession): Promise<void> {
    const { run } = this;
    while (!run.isEnding) {
      try {
        await this.advanceToTheHead(session);
      } catch (error) {
        if (error instanceof LeaseLostError || error instanceof PoisonEventError) throw error;
        if (error instanceof NotKnownHereError || error instanceof UndeclaredTypeError) throw error;
        if (error instanceof BatchFailure && !isDatabaseAway(error.cause)) {
          await this.tryEachAlone(error);
          continue;
        }
        const position = error instanceof HandlerFailure ? error.event.position : run.checkpoint.position;
        const verdict = this.retry.afterFailure(causeOf(error), position);
        if (error instanceof HandlerFailure) this.batches.suspects.handlerFailedAt(position);
        else this.batches.suspects.failedAt(position);
        if (verdict === 'stop' && !(await session.mayRecover?.())) throw error;
        run.reportRetry(error);
        await run.pause(this.retry.pause);
        if (!run.isEnding) await this.confirm(error);
      }
    }
  }

  /** Does not count as an attempt, because it is not yet known which event is at fault, if any. */
  private async tryEachAlone(failure: BatchFailure): Promise<void> {
    this.run.logger.warn(`${failure.message}; trying each event alone.`);
    this.batches.suspects.failedAt(failure.last.position);
    await this.confirm(failure);
  }

  private async advanceToTheHead(session: DeliverySession): Promise<void> {
    const { run, tail } = this;
    const { checkpoint } = run;
    let { position } = checkpoint;
    let committedAt = Date.now();
    while (!run.isEnding) {
      await run.share.yieldIfUsedUp();
      const idle = await session.doDueWork();
      const batch = await this.read(position);
      if (batch.events.length > 0) {
        position = await this.deliver(session, batch);
        committedAt = Date.now();
        this.retry.succeeded(position);
      } else {
        position = batch.upTo;
        const isRecovered = checkpoint.restarts > 0 && position >= tail.position;
        if (isRecovered || (position > checkpoint.position && Date.now() - committedAt >= this.skipInterval)) {
          await checkpoint.skipTo(position);
          committedAt = Date.now();
        }
      }
      session.reached?.(position);
      if (position >= tail.position && !run.isEnding) {
        const limit = position > checkpoint.position ? this.skipInterval : SKIP_INTERVAL;
        await tail.changed(position, Math.min(idle, limit));
      }
    }
    if (position > checkpoint.position) await checkpoint.skipTo(position);
  }

  /** @throws NotKnownHereError, after the events before that one are done */
  private async deliver(session: DeliverySession, batch: Batch): Promise<number> {
    const { events, upTo, isFull } = batch;
    const [first] = events;
    const known = this.known.countKnown(events);
    if (known === 0) throw this.known.errorFor(first!);
    if (known < events.length) return session.deliver(events.slice(0, known), events[known]!.position - 1, false);
    if (this.batches.suspects.mayBePoison(first!.position)) {
      const { deaths } = this.subscription.retry;
      const attempts = await this.run.checkpoint.countAttempt(first!.position, deaths);
      if (attempts > deaths) return session.skipPoison(first!, deaths);
    }
    if (isFull && !this.tail.slice(upTo, 1)) this.ahead.begin({ after: upTo, limit: this.batches.limitAfter(upTo) });
    const reached = await session.deliver(events, upTo, isFull);
    this.batches.handled(batch, reached);
    return reached;
  }

  /** Reads only the partitions of the lease, so that the nodes that share the work share the reading, too. */
  private filterBy(types: readonly string[]): EventFilter {
    const { part } = this.run.lease;
    return part ? { types, partitions: { first: part.range.first, last: part.range.last } } : { types };
  }

  private get skipInterval(): number {
    const isPart = this.subscription.kind === 'read-model' && this.run.lease.part !== undefined;
    return isPart ? PART_SKIP_INTERVAL : SKIP_INTERVAL;
  }

  /** The next events, from memory at the head. */
  private async read(after: number): Promise<Batch> {
    const { events, upTo } = await this.sliceAfter(after, this.batches.limitAfter(after));
    const { part } = this.run.lease;
    const own = part ? events.filter((event) => part.hasToHandle(event)) : events;
    return this.batches.firstOf({ events: own, upTo }, after);
  }

  private async sliceAfter(after: number, limit: number): Promise<LogSlice> {
    const slice = this.tail.slice(after, limit);
    if (!slice) return this.ahead.read({ after, limit });
    return { events: slice.filter((event) => this.known.isRead(event)), upTo: slice.at(-1)?.position ?? after };
  }

  /** Waits until the database answers with the current checkpoint. */
  private async confirm(error: unknown): Promise<void> {
    const { run } = this;
    while (!run.isEnding) {
      try {
        await run.checkpoint.confirm(messageOf(error));
        return;
      } catch (again) {
        if (again instanceof LeaseLostError) throw again;
        if (this.retry.afterFailure(again, run.checkpoint.position) === 'stop') throw again;
        await run.pause(this.retry.pause);
      }
    }
  }
}
