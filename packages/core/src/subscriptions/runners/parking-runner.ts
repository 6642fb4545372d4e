import { performance } from 'node:perf_hooks';
import type { EntityManager } from 'typeorm';
import { isRefusedValue } from '../../databases/refused-value.js';
import type { WriteDatabase } from '../../databases/write-database.js';
import { isDatabaseAway } from '../../event-log/database-away.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { type Failure, failureOf } from '../parking/failure.js';
import type { DueEvent, ParkedEvents, Parking } from '../parking/parked-events.js';
import { ParkedOutlook } from '../parking/parked-outlook.js';
import { AWAY, pauseAfter } from '../retry-policy.js';
import { type Lease, LeaseLostError } from '../states/lease.js';
import type { SubscriptionRow } from '../states/subscription-row.js';
import type { ParkingSubscription } from '../subscription.js';
import type { Surroundings } from './leased-runner.js';
import { SubscriptionRunner } from './subscription-runner.js';
import { nothing, parkingOf, type Unsaid } from './unsaid.js';

export interface ParkingSurroundings extends Surroundings {
  readonly parked: ParkedEvents;
  readonly events: WriteDatabase;
}

/** After so many ms of handling, parked events have their turn. */
const BUDGET = 250;
/** Parked events that are tried in one turn. */
const TURN = 20;

/**
 * Hands each event over in the order of its stream. One that fails is set aside, durably, with the later ones of its
 * stream, and tried again when it is due; others flow on at once. What handling leaves to be stored, its consequences, is
 * stored in the transaction of the checkpoint.
 */
export abstract class ParkingRunner<S extends ParkingSubscription, Consequence = never> extends SubscriptionRunner<S> {
  private readonly outlook: ParkedOutlook;

  protected constructor(
    subscription: S,
    protected override readonly around: ParkingSurroundings,
    /** How long the checkpoint may stay behind what was done, in ms: a process that dies does that again. */
    private readonly longestUnsaid: number,
  ) {
    super(subscription, around);
    this.outlook = new ParkedOutlook(around.parked, subscription.name, subscription.retry.backoff.longest);
  }

  /** Handles one event; what it throws is the failure of that event. */
  protected abstract handle(event: object, recorded: RecordedEvent): Promise<Consequence[]>;
  /** Stores the consequences within the transaction that says that their events are handled. */
  protected abstract store(manager: EntityManager, consequences: readonly Consequence[]): Promise<void>;

  /** Consequences have been stored for good. */
  protected committed(): void {
    // Nobody waits for it.
  }

  override noticed(row: SubscriptionRow, renewedAt?: number): void {
    super.noticed(row, renewedAt);
    this.outlook.changed();
  }

  /**
   * Makes the attempt at one parked event that is due, in place of a process that follows the log, and delivers nothing else.
   * @returns whether the subscription was free to be taken
   */
  retryAlone(id: string): Promise<boolean> {
    return this.once(async (lease) => {
      const due = await this.around.parked.dueAlone(this.subscription.name, id);
      if (due) await this.tryAgain(lease, due);
    });
  }

  protected async adopt(row: SubscriptionRow, manager: EntityManager): Promise<boolean> {
    const same = JSON.stringify(row.types) === JSON.stringify(this.subscription.types);
    if (!same) await this.around.states.recount(manager, this.subscription, true);
    return true;
  }

  protected async begin(): Promise<void> {
    await this.outlook.lookUp();
  }

  protected async between(lease: Lease): Promise<number> {
    const idle = await this.outlook.nextIn();
    if (idle > 0) return idle;
    await this.tryParked(lease);
    await this.outlook.lookUp();
    return this.outlook.nextIn();
  }

  protected async deliver(lease: Lease, events: readonly RecordedEvent[], to: number): Promise<number> {
    const blocked = await this.outlook.blocked(events);
    const deadline = performance.now() + BUDGET;
    let unsaid = nothing<Consequence>();
    let saidAt = performance.now();
    let said = 0;
    const say = async (position: number, done: number): Promise<void> => {
      await this.sayAll(lease, events.slice(said, done), position, unsaid, blocked);
      unsaid = nothing();
      saidAt = performance.now();
      said = done;
    };
    for (const [index, event] of events.entries()) {
      await this.share.taken();
      if (lease.isStale) await say(index === 0 ? this.stored : events[index - 1]!.position, index);
      const failed = await this.take(event, blocked, unsaid);
      const now = performance.now();
      const position = index === events.length - 1 ? to : event.position;
      const enough = position === to || this.ended || now > deadline;
      if (enough || failed || now - saidAt > this.longestUnsaid) await say(position, index + 1);
      if (enough) return position;
    }
    return to;
  }

  protected async setAside(lease: Lease, event: RecordedEvent, deaths: number): Promise<number> {
    const message = `The process died ${deaths} times while it handled this event.`;
    this.logger.error(`${message} It is set aside (${event.type} at position ${event.position}).`);
    const attempts = deaths;
    const parking: Parking = { event, state: 'dead', attempts, failure: { message, stack: null } };
    await this.checkpoint(lease, event.position, { ...nothing<Consequence>(), parkings: [parking] });
    return event.position;
  }

  protected passOver(lease: Lease, to: number): Promise<void> {
    return this.checkpoint(lease, to, nothing());
  }

  protected reached(): void {
    // Nobody waits for it.
  }

  protected async outlast(): Promise<boolean> {
    return false;
  }

  protected async close(): Promise<void> {
    // Nothing is open between two events.
  }

  private async checkpoint(lease: Lease, to: number, unsaid: Unsaid<Consequence>): Promise<void> {
    const { events, states, parked } = this.around;
    const { handled, parkings, consequences, last } = unsaid;
    const askedAt = performance.now();
    const error = parkings.findLast(({ failure }) => failure)?.failure?.message;
    await events.transaction(async (manager) => {
      const move = { from: this.stored, to, handled, parked: parkings.length, eventId: last?.eventId ?? null, error };
      await states.advance(manager, lease, move);
      await parked.park(manager, lease.name, parkings);
      if (consequences.length > 0) await this.store(manager, consequences);
    });
    lease.renewed(askedAt);
    this.stored = to;
    if (consequences.length > 0) this.committed();
    if (parkings.length > 0) this.outlook.grown();
  }

  /**
   * Says that these events are done. Where the database refuses a value that one of them left, nothing of them is stored:
   * each is handled again and stored by itself, and the one whose value it is is set aside.
   */
  private async sayAll(
    lease: Lease,
    events: readonly RecordedEvent[],
    to: number,
    unsaid: Unsaid<Consequence>,
    blocked: Set<string>,
  ): Promise<void> {
    try {
      return await this.checkpoint(lease, to, unsaid);
    } catch (error) {
      if (unsaid.consequences.length === 0 || !isRefusedValue(error)) throw error;
      if (events.length === 1) return this.setRefusedAside(lease, events[0]!, to, error, blocked);
    }
    // What was to be set aside with them was not, either.
    for (const { event } of unsaid.parkings) blocked.delete(event.stream);
    for (const stream of await this.outlook.blocked(events)) blocked.add(stream);
    for (const [index, event] of events.entries()) {
      const one = nothing<Consequence>();
      await this.take(event, blocked, one);
      await this.sayAll(lease, [event], index === events.length - 1 ? to : event.position, one, blocked);
    }
  }

  private async setRefusedAside(
    lease: Lease,
    event: RecordedEvent,
    to: number,
    error: unknown,
    blocked: Set<string>,
  ): Promise<void> {
    this.logger.warn(`The database refuses what the event at position ${event.position} caused; it is set aside.`);
    blocked.add(event.stream);
    await this.checkpoint(lease, to, {
      ...nothing<Consequence>(),
      parkings: [this.parkingOf(event, failureOf(error, event))],
    });
  }

  /** Handles an event, or sets it aside. Answers whether it failed. */
  private async take(event: RecordedEvent, blocked: Set<string>, unsaid: Unsaid<Consequence>): Promise<boolean> {
    if (blocked.has(event.stream)) {
      unsaid.parkings.push({ event, state: 'waiting', attempts: 0 });
      return false;
    }
    const outcome = await this.attempt(event);
    if ('failure' in outcome) {
      blocked.add(event.stream);
      unsaid.parkings.push(this.parkingOf(event, outcome.failure));
      return true;
    }
    unsaid.handled += 1;
    unsaid.consequences.push(...outcome.consequences);
    unsaid.last = event;
    return false;
  }

  private async attempt(recorded: RecordedEvent): Promise<{ consequences: Consequence[] } | { failure: Failure }> {
    try {
      const event = this.around.serializer.fromRecorded(recorded);
      return { consequences: event ? await this.handle(event, recorded) : [] };
    } catch (error) {
      this.logger.warn(`Failed at the event at position ${recorded.position} (${recorded.type}); it is set aside.`);
      const failure = failureOf(error, recorded);
      this.logger.debug(failure.message);
      return { failure };
    }
  }

  private parkingOf(event: RecordedEvent, failure: Failure): Parking {
    const parking = parkingOf(event, failure, this.subscription.retry);
    if (parking.state === 'retrying') this.around.telemetry.retried(this.subscription.name, 'event');
    return parking;
  }

  private async tryParked(lease: Lease): Promise<void> {
    for (const due of await this.around.parked.due(this.subscription.name, TURN)) {
      if (this.ended) return;
      if (lease.isStale) throw new LeaseLostError(lease.name);
      await this.tryAgain(lease, due);
    }
  }

  private async tryAgain(lease: Lease, due: DueEvent): Promise<void> {
    const { parked, log } = this.around;
    const { attempts, backoff } = this.subscription.retry;
    if (due.tries >= attempts) {
      const message = 'The process ended each time before it was known what became of this event.';
      return this.untilStored(() => parked.failed(lease, due, { message, stack: null }, undefined));
    }
    const pause = pauseAfter(due.tries + 1, backoff);
    if (!(await parked.begin(lease, due, pause))) return;
    const { events } = await log.readAll({ after: due.position - 1, limit: 1 });
    const outcome = await this.attempt(events[0]!);
    const failure =
      'failure' in outcome ? outcome.failure : await this.takeOut(lease, due, events[0]!, outcome.consequences);
    if (!failure) return;
    const dueIn = due.tries + 1 < attempts ? pause : undefined;
    if (dueIn !== undefined) this.around.telemetry.retried(this.subscription.name, 'event');
    return this.untilStored(() => parked.failed(lease, due, failure, dueIn));
  }

  /** Stores that a parked event was handled, and what that left. Answers the failure when the database refuses that. */
  private async takeOut(
    lease: Lease,
    due: DueEvent,
    recorded: RecordedEvent,
    consequences: readonly Consequence[],
  ): Promise<Failure | undefined> {
    const storeThem = async (manager: EntityManager): Promise<void> => {
      if (consequences.length > 0) await this.store(manager, consequences);
    };
    try {
      await this.untilStored(() => this.around.parked.handled(lease, due, storeThem));
    } catch (error) {
      if (consequences.length === 0 || !isRefusedValue(error)) throw error;
      return failureOf(error, recorded);
    }
    if (consequences.length > 0) this.committed();
    return undefined;
  }

  /** What became of an attempt is known here alone until it is stored; a database that is away is waited for. */
  private async untilStored(write: () => Promise<void>): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        return await write();
      } catch (error) {
        if (!isDatabaseAway(error) || this.ended) throw error;
        this.tryingAgain(error);
        await this.pause(pauseAfter(failures, AWAY));
      }
    }
  }
}
