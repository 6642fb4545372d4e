import { performance } from 'node:perf_hooks';
import type { EntityManager } from 'typeorm';
import { isRefusedValue } from '../../databases/refused-value.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { DependencyAwayError } from '../dependency-away.error.js';
import { HandlerFailure, PoisonEventError } from '../runners/handler-failure.js';
import type { DeliverySession } from '../runners/delivery.js';
import type { Run } from '../runners/run.js';
import { EventsAhead, type Outcome } from './events-ahead.js';
import { failureOf } from './failure.js';
import type { HandlerAttempts } from './handler-attempts.js';
import type { ParkedEvents, Parking } from './parked-events.js';
import type { ParkedSchedule } from './parked-schedule.js';
import type { ParkedRetries } from './parked-retries.js';
import type { Reaction } from './reaction.js';
import { noUncommittedWork, type UncommittedWork } from './uncommitted-work.js';

/** After handling new events for this long, in ms, parked events get a turn. */
const BUDGET = 250;

/** A session with attempts at events that failed before. */
export interface RetryingSession extends DeliverySession {
  /** Makes an attempt at one parked event, if it is due. */
  retryNow(id: string): Promise<void>;
}

/**
 * Delivers events in the order of their streams. A failed event is parked, durably, with the later events of its
 * stream, and retried when it is due; other streams continue at once. Consequences are stored in the transaction of the
 * checkpoint.
 */
export class ParkingSession<Consequence = unknown> implements RetryingSession {
  constructor(
    private readonly run: Run,
    private readonly reaction: Reaction<Consequence>,
    private readonly attempts: HandlerAttempts<Consequence>,
    private readonly parked: ParkedEvents,
    private readonly schedule: ParkedSchedule,
    private readonly retries: ParkedRetries<Consequence>,
  ) {}

  rowChanged(): void {
    this.schedule.changed();
  }

  async doDueWork(): Promise<number> {
    const idle = await this.schedule.nextDueIn();
    if (idle > 0) return idle;
    await this.retries.tryDue();
    await this.schedule.refresh();
    return this.schedule.nextDueIn();
  }

  retryNow(id: string): Promise<void> {
    return this.retries.tryOne(id);
  }

  async deliver(events: readonly RecordedEvent[], upTo: number): Promise<number> {
    const { run, reaction } = this;
    const blocked = await this.schedule.blocked(events);
    const deadline = performance.now() + BUDGET;
    let uncommitted = noUncommittedWork<Consequence>();
    let committedAt = performance.now();
    let committed = 0;
    const commit = async (position: number, done: number): Promise<void> => {
      await this.commit(events.slice(committed, done), position, uncommitted, blocked);
      uncommitted = noUncommittedWork();
      committedAt = performance.now();
      committed = done;
    };
    const positionBefore = (index: number) => (index === 0 ? run.checkpoint.position : events[index - 1]!.position);
    const ahead = this.ahead(events, blocked);
    try {
      for (const [index, event] of events.entries()) {
        await run.share.yieldIfUsedUp();
        if (run.lease.isStale) await commit(positionBefore(index), index);
        const outcome = await this.handleOrPark(event, blocked, uncommitted, () => ahead.outcomeOf(index));
        if (outcome instanceof Error) {
          await ahead.settled();
          if (committed < index) await commit(positionBefore(index), index);
          throw outcome;
        }
        const now = performance.now();
        const position = index === events.length - 1 ? upTo : event.position;
        if (run.isEnding || now > deadline) ahead.stop();
        const enough = position === upTo || (ahead.hasStopped && index + 1 >= ahead.started);
        const isDue = outcome === 'failed' || now - committedAt > reaction.longestUncommitted;
        if (enough || isDue) await commit(position, index + 1);
        if (enough) return position;
      }
      return upTo;
    } finally {
      await ahead.settled();
    }
  }

  async skipPoison(event: RecordedEvent, deaths: number): Promise<number> {
    if (!this.attempts.parks) throw new PoisonEventError(event, deaths);
    const message = `The process died ${deaths} times while it handled this event, or was blocked for longer than its lease.`;
    this.run.logger.error(`${message} It is a dead letter (${event.type} at position ${event.position}).`);
    const parking: Parking = { event, state: 'dead', attempts: deaths, failure: { message, stack: null } };
    await this.write(event.position, { ...noUncommittedWork<Consequence>(), parkings: [parking] });
    return event.position;
  }

  async close(): Promise<void> {
    await this.reaction.close?.();
  }

  /** Attempts at these events ahead of the one whose outcome is taken next. */
  private ahead(events: readonly RecordedEvent[], blocked: ReadonlySet<string>): EventsAhead<Consequence> {
    const { run, reaction, attempts } = this;
    return new EventsAhead(
      events,
      reaction.concurrency ?? 1,
      (event) => attempts.attempt(event),
      ({ stream }) => !blocked.has(stream) && !run.lease.isStale,
    );
  }

  /** Handles an event, or parks it. @returns what came of it; the error when the subscription has to stop before it */
  private async handleOrPark(
    event: RecordedEvent,
    blocked: Set<string>,
    uncommitted: UncommittedWork<Consequence>,
    tryIt: () => Promise<Outcome<Consequence>>,
  ): Promise<'handled' | 'parked' | 'failed' | DependencyAwayError | HandlerFailure> {
    if (blocked.has(event.stream)) {
      uncommitted.parkings.push({ event, state: 'waiting', attempts: 0 });
      return 'parked';
    }
    const first = await tryIt();
    const outcome = 'notTried' in first ? await this.attempts.attempt(event) : first;
    if ('stop' in outcome) return outcome.stop;
    if ('failure' in outcome) {
      blocked.add(event.stream);
      uncommitted.parkings.push(this.attempts.parkingOf(event, outcome.failure));
      return 'failed';
    }
    uncommitted.handled += 1;
    uncommitted.consequences.push(...outcome.consequences);
    uncommitted.last = event;
    return 'handled';
  }

  /**
   * Commits that these events are done. If the database refuses a value that one of them produced, none is committed:
   * each is then handled again and committed alone, and the event with that value is parked.
   */
  private async commit(
    events: readonly RecordedEvent[],
    upTo: number,
    uncommitted: UncommittedWork<Consequence>,
    blocked: Set<string>,
  ): Promise<void> {
    try {
      return await this.write(upTo, uncommitted);
    } catch (error) {
      if (uncommitted.consequences.length === 0 || !isRefusedValue(error)) throw error;
      if (events.length === 1) {
        blocked.add(events[0]!.stream);
        return this.parkRefused(events[0]!, upTo, error);
      }
    }
    // Events to be parked with them were not stored, either.
    for (const { event } of uncommitted.parkings) blocked.delete(event.stream);
    for (const stream of await this.schedule.blocked(events)) blocked.add(stream);
    for (const [index, event] of events.entries()) {
      const one = noUncommittedWork<Consequence>();
      const outcome = await this.handleOrPark(event, blocked, one, () => this.attempts.attempt(event));
      if (outcome instanceof Error) throw outcome;
      await this.commit([event], index === events.length - 1 ? upTo : event.position, one, blocked);
    }
  }

  private async parkRefused(event: RecordedEvent, upTo: number, error: unknown): Promise<void> {
    if (!this.attempts.parks) throw new HandlerFailure(event, error);
    this.run.logger.warn(`The database refuses what the event at position ${event.position} caused; it is parked.`);
    const parkings = [this.attempts.parkingOf(event, failureOf(error, event))];
    return this.write(upTo, { ...noUncommittedWork<Consequence>(), parkings });
  }

  private async write(to: number, uncommitted: UncommittedWork<Consequence>): Promise<void> {
    const { run, reaction } = this;
    const { handled, parkings, consequences, last } = uncommitted;
    const error = parkings.findLast(({ failure }) => failure)?.failure?.message;
    const progress = { to, handled, parked: parkings.length, eventId: last?.eventId ?? null, error };
    const isMore = parkings.length > 0 || consequences.length > 0;
    const storeMore = async (manager: EntityManager): Promise<void> => {
      await this.parked.park(manager, run.lease, parkings);
      if (consequences.length > 0) await reaction.store(manager, consequences);
    };
    await run.checkpoint.commit(progress, isMore ? storeMore : undefined);
    if (consequences.length > 0) reaction.committed();
    if (parkings.length > 0) this.schedule.eventsParked();
  }
}
