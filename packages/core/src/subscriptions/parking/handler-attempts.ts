import { Logger } from '@nestjs/common';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { EventSerializer } from '../../event-log/event-serializer.js';
import type { Telemetry } from '../../telemetry.js';
import { DependencyAwayError } from '../dependency-away.error.js';
import { HandlerFailure } from '../runners/handler-failure.js';
import { IF_IT_HANGS, LONG, reportingLong } from '../runners/long-work.js';
import { pauseAfter } from '../retry-policy.js';
import type { ParkingSubscription } from '../subscription.js';
import { type Failure, failureOf } from './failure.js';
import type { Parking } from './parked-events.js';
import type { Reaction } from './reaction.js';

/**
 * Outcome of handling an event. `stop`: it is not parked, because what the handler needs is away, or because the policy of the
 * subscription is to stop at it.
 */
export type Attempt<Consequence> =
  | { readonly consequences: Consequence[] }
  | { readonly failure: Failure }
  | { readonly stop: DependencyAwayError | HandlerFailure };

/** Attempts at events of one side effect or saga. */
export class HandlerAttempts<Consequence> {
  private readonly logger: Logger;

  constructor(
    private readonly subscription: ParkingSubscription,
    private readonly reaction: Reaction<Consequence>,
    private readonly serializer: EventSerializer,
    private readonly telemetry: Telemetry,
  ) {
    this.logger = new Logger(`${subscription.kind} ${subscription.name}`);
  }

  /** Whether failed events are parked. Otherwise the subscription stops at them. */
  get parks(): boolean {
    return this.subscription.retry.policy === 'park';
  }

  /**
   * Never rejects: an error of the handler is the outcome.
   * @param parks whether the event is parked, or is to be, when it fails
   */
  async attempt(recorded: RecordedEvent, parks = this.parks): Promise<Attempt<Consequence>> {
    try {
      if (this.reaction.takesStored) return { consequences: await this.handle([], recorded) };
      const events = this.serializer.eventsOf(recorded);
      return { consequences: events.length > 0 ? await this.handle(events, recorded) : [] };
    } catch (error) {
      if (error instanceof DependencyAwayError) return { stop: error };
      if (!parks) return { stop: new HandlerFailure(recorded, error) };
      this.logger.warn(`Failed on the event at position ${recorded.position} (${recorded.type}); it is parked.`);
      const failure = failureOf(error, recorded);
      this.logger.debug(failure.message);
      return { failure };
    }
  }

  private handle(events: readonly object[], recorded: RecordedEvent): Promise<Consequence[]> {
    return reportingLong(
      () => this.reaction.handle(events, recorded),
      () =>
        this.logger.warn(
          `The handler of the event at position ${recorded.position} (${recorded.type}) has been running for ` +
            `${LONG / 60_000} minutes. Later events wait for it, also those of other streams. ${IF_IT_HANGS}`,
        ),
    );
  }

  /** How to park an event whose first attempt failed. */
  parkingOf(event: RecordedEvent, failure: Failure): Parking {
    const { attempts, backoff } = this.subscription.retry;
    if (attempts === 1) {
      this.reportDead(event, 1);
      return { event, state: 'dead', attempts: 1, failure };
    }
    this.reportRetry();
    return { event, state: 'retrying', attempts: 1, dueIn: pauseAfter(1, backoff), failure };
  }

  /** Says that the attempts at an event are used up. Why is left out, because it may quote personal data. */
  reportDead({ position }: Pick<RecordedEvent, 'position'>, attempts: number): void {
    this.logger.error(
      `Given up after ${attempts === 1 ? '1 attempt' : `${attempts} attempts`} at the event at position ${position}. ` +
        'It is a dead letter, and the later events of its stream wait behind it: retry or discard it.',
    );
  }

  /** Counts that an event will be retried. */
  reportRetry(): void {
    this.telemetry.retried(this.subscription.name, 'event');
  }
}
