import { performance } from 'node:perf_hooks';
import type { EntityManager } from 'typeorm';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { type Failure, failureOf } from '../parking/failure.js';
import type { Parking } from '../parking/parked-events.js';
import { ParkedOutlook } from '../parking/parked-outlook.js';
import type { Lease } from '../states/lease.js';
import type { SubscriptionRow } from '../states/subscription-row.js';
import type { ParkingSubscription } from '../subscription.js';
import type { ParkingSurroundings } from './parking-surroundings.js';
import { type Attempt, ParkedRetries } from './parked-retries.js';
import { type Saying, sayEvents } from './say-events.js';
import { SubscriptionRunner } from './subscription-runner.js';
import { nothing, parkingOf, type Unsaid } from './unsaid.js';

/** After so many ms of handling, parked events have their turn. */
const BUDGET = 250;

/**
 * Hands each event over in the order of its stream. One that fails is set aside, durably, with the later ones of its
 * stream, and tried again when it is due; others flow on at once. What handling leaves to be stored, its consequences, is
 * stored in the transaction of the checkpoint.
 */
export abstract class ParkingRunner<S extends ParkingSubscription, Consequence = never> extends SubscriptionRunner<S> {
  private readonly outlook: ParkedOutlook;
  private readonly retries: ParkedRetries<Consequence>;
  private readonly saying: Saying<Consequence> = {
    checkpoint: (lease, to, unsaid) => this.checkpoint(lease, to, unsaid),
    take: (event, blocked, unsaid) => this.take(event, blocked, unsaid),
    blocked: (events) => this.outlook.blocked(events),
    setAside: (lease, event, to, error) => this.setRefusedAside(lease, event, to, error),
  };

  protected constructor(
    subscription: S,
    protected override readonly around: ParkingSurroundings,
    /** How long the checkpoint may stay behind what was done, in ms: a process that dies does that again. */
    private readonly longestUnsaid: number,
  ) {
    super(subscription, around);
    this.outlook = new ParkedOutlook(around.parked, subscription.name, subscription.retry.backoff.longest);
    this.retries = new ParkedRetries(subscription, around, {
      attempt: (recorded) => this.attempt(recorded),
      store: (manager, consequences) => this.store(manager, consequences),
      committed: () => this.committed(),
      hasEnded: () => this.ended,
      tryingAgain: (error) => this.tryingAgain(error),
      pause: (ms) => this.pause(ms),
    });
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
      if (due) await this.retries.tryAgain(lease, due);
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
    await this.retries.tryDue(lease);
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
      await sayEvents(this.saying, lease, events.slice(said, done), position, unsaid, blocked);
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

  private setRefusedAside(lease: Lease, event: RecordedEvent, to: number, error: unknown): Promise<void> {
    this.logger.warn(`The database refuses what the event at position ${event.position} caused; it is set aside.`);
    const parkings = [this.parkingOf(event, failureOf(error, event))];
    return this.checkpoint(lease, to, { ...nothing<Consequence>(), parkings });
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

  private async attempt(recorded: RecordedEvent): Promise<Attempt<Consequence>> {
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
}
