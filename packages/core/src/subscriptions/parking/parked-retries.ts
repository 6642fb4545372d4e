import { isRefusedValue } from '../../databases/refused-value.js';
import { isDatabaseAway } from '../../event-log/database-away.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { DATABASE_AWAY_BACKOFF, pauseAfter } from '../retry-policy.js';
import type { Run } from '../runners/run.js';
import { LeaseLostError } from '../states/lease.js';
import type { ParkingSubscription } from '../subscription.js';
import { type Failure, failureOf } from './failure.js';
import type { HandlerAttempts } from './handler-attempts.js';
import type { DueEvent, DueEvents } from './due-events.js';
import type { Reaction } from './reaction.js';

/** Number of parked events that are retried before new events get a turn. */
const RETRIES_PER_TURN = 20;

/** Retries parked events that are due: the first one of each stream. */
export class ParkedRetries<Consequence> {
  constructor(
    private readonly subscription: ParkingSubscription,
    private readonly run: Run,
    private readonly reaction: Reaction<Consequence>,
    private readonly attempts: HandlerAttempts<Consequence>,
    private readonly dueEvents: DueEvents,
    private readonly log: EventLog,
  ) {}

  /** @throws LeaseLostError, DependencyAwayError */
  async tryDue(): Promise<void> {
    const { lease } = this.run;
    for (const event of await this.dueEvents.list(lease, RETRIES_PER_TURN)) {
      if (this.run.isEnding) return;
      if (lease.isStale) throw LeaseLostError.notRenewed(lease.name);
      await this.tryAgain(event);
    }
  }

  /** Retries one parked event, if it is due. @param id of the parked event */
  async tryOne(id: string): Promise<void> {
    const event = await this.dueEvents.find(this.run.lease, id);
    if (event) await this.tryAgain(event);
  }

  private async tryAgain(due: DueEvent): Promise<void> {
    const { dueEvents, log } = this;
    const { lease } = this.run;
    const { attempts, backoff } = this.subscription.retry;
    if (due.tries >= attempts) {
      const failure = usedUp(due.tries, attempts, await dueEvents.lastFailure(due.id));
      return this.storeDead(due, due.tries, failure);
    }
    const pause = pauseAfter(due.tries + 1, backoff);
    if (!(await dueEvents.countAttempt(lease, due, pause))) return;
    const { events } = await log.readAll({ after: due.position - 1, limit: 1 });
    const event = events[0]!;
    const outcome = await this.attempts.attempt(event, true);
    if ('stop' in outcome) {
      // If this can't be stored, the attempt counts; there will be others.
      await dueEvents.uncountAttempt(lease, due);
      throw outcome.stop;
    }
    const failure = 'failure' in outcome ? outcome.failure : await this.storeHandled(due, event, outcome.consequences);
    if (!failure) return;
    if (due.tries + 1 >= attempts) return this.storeDead(due, due.tries + 1, failure);
    this.attempts.reportRetry();
    return this.untilStored(() => dueEvents.failed(lease, due, failure, pause));
  }

  private async storeDead(due: DueEvent, tries: number, failure: Failure): Promise<void> {
    await this.untilStored(() => this.dueEvents.failed(this.run.lease, due, failure, undefined));
    this.attempts.reportDead(due, tries);
  }

  /**
   * Stores that a parked event was handled, and its consequences.
   * @returns the failure when the database refuses a value
   */
  private async storeHandled(
    due: DueEvent,
    event: RecordedEvent,
    consequences: readonly Consequence[],
  ): Promise<Failure | undefined> {
    const { reaction, run } = this;
    try {
      await this.untilStored(() =>
        this.dueEvents.handled(run.lease, due, async (manager) => {
          if (consequences.length > 0) await reaction.store(manager, consequences);
        }),
      );
    } catch (error) {
      if (consequences.length === 0 || !isRefusedValue(error)) throw error;
      return failureOf(error, event);
    }
    if (consequences.length > 0) reaction.committed();
    return undefined;
  }

  /** The outcome of an attempt is only in memory until it is stored, so this waits while the database is away. */
  private async untilStored(write: () => Promise<void>): Promise<void> {
    for (let failures = 1; ; failures++) {
      try {
        return await write();
      } catch (error) {
        if (!isDatabaseAway(error) || this.run.isEnding) throw error;
        this.run.reportRetry(error);
        await this.run.pause(pauseAfter(failures, DATABASE_AWAY_BACKOFF));
      }
    }
  }
}

const LAST_KNOWN = 'The last failure that is known: ';

/**
 * Failure of an event whose process crashed during its last attempt, or that had more attempts than are allowed now.
 */
function usedUp(tries: number, attempts: number, last: Failure | undefined): Failure {
  const tried = `This event was tried ${times(tries)}, and may be tried ${times(attempts)} in all.`;
  if (!last) {
    return { message: `${tried} Each time the process ended before the outcome was known.`, stack: null };
  }
  // The last failure may itself be such a sentence.
  return { message: `${tried} ${LAST_KNOWN}${last.message.split(LAST_KNOWN).at(-1)}`, stack: last.stack };
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
