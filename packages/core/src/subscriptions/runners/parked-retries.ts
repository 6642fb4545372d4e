import type { EntityManager } from 'typeorm';
import { isRefusedValue } from '../../databases/refused-value.js';
import { isDatabaseAway } from '../../event-log/database-away.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { type Failure, failureOf } from '../parking/failure.js';
import type { DueEvent } from '../parking/parked-events.js';
import { AWAY, pauseAfter } from '../retry-policy.js';
import { type Lease, LeaseLostError } from '../states/lease.js';
import type { ParkingSubscription } from '../subscription.js';
import type { ParkingSurroundings } from './parking-surroundings.js';

/** What became of handling an event. */
export type Attempt<Consequence> = { readonly consequences: Consequence[] } | { readonly failure: Failure };

/** What the runner does for it. */
interface Running<Consequence> {
  attempt(recorded: RecordedEvent): Promise<Attempt<Consequence>>;
  store(manager: EntityManager, consequences: readonly Consequence[]): Promise<void>;
  committed(): void;
  hasEnded(): boolean;
  tryingAgain(error: unknown): void;
  pause(ms: number): Promise<void>;
}

/** Parked events that are tried in one turn. */
const TURN = 20;

/** Tries parked events again that are due: the first of each stream. */
export class ParkedRetries<Consequence> {
  constructor(
    private readonly subscription: ParkingSubscription,
    private readonly around: ParkingSurroundings,
    private readonly running: Running<Consequence>,
  ) {}

  /** @throws LeaseLostError */
  async tryDue(lease: Lease): Promise<void> {
    for (const due of await this.around.parked.due(this.subscription.name, TURN)) {
      if (this.running.hasEnded()) return;
      if (lease.isStale) throw new LeaseLostError(lease.name);
      await this.tryAgain(lease, due);
    }
  }

  async tryAgain(lease: Lease, due: DueEvent): Promise<void> {
    const { parked, log } = this.around;
    const { attempts, backoff } = this.subscription.retry;
    if (due.tries >= attempts) {
      const message = 'The process ended each time before it was known what became of this event.';
      return this.untilStored(() => parked.failed(lease, due, { message, stack: null }, undefined));
    }
    const pause = pauseAfter(due.tries + 1, backoff);
    if (!(await parked.begin(lease, due, pause))) return;
    const { events } = await log.readAll({ after: due.position - 1, limit: 1 });
    const event = events[0]!;
    const outcome = await this.running.attempt(event);
    const failure =
      'failure' in outcome ? outcome.failure : await this.takeOut(lease, due, event, outcome.consequences);
    if (!failure) return;
    const dueIn = due.tries + 1 < attempts ? pause : undefined;
    if (dueIn !== undefined) this.around.telemetry.retried(this.subscription.name, 'event');
    return this.untilStored(() => parked.failed(lease, due, failure, dueIn));
  }

  /** Stores that a parked event was handled, and what that left. Answers the failure when the database refuses that. */
  private async takeOut(
    lease: Lease,
    due: DueEvent,
    event: RecordedEvent,
    consequences: readonly Consequence[],
  ): Promise<Failure | undefined> {
    const storeThem = async (manager: EntityManager): Promise<void> => {
      if (consequences.length > 0) await this.running.store(manager, consequences);
    };
    try {
      await this.untilStored(() => this.around.parked.handled(lease, due, storeThem));
    } catch (error) {
      if (consequences.length === 0 || !isRefusedValue(error)) throw error;
      return failureOf(error, event);
    }
    if (consequences.length > 0) this.running.committed();
    return undefined;
  }

  /** What became of an attempt is known here alone until it is stored; a database that is away is waited for. */
  private async untilStored(write: () => Promise<void>): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        return await write();
      } catch (error) {
        if (!isDatabaseAway(error) || this.running.hasEnded()) throw error;
        this.running.tryingAgain(error);
        await this.running.pause(pauseAfter(failures, AWAY));
      }
    }
  }
}
