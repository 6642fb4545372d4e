import { ExpectedError } from '../../errors.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';

/** Only an event at which a subscription has stopped can be skipped. */
export class SubscriptionNotStoppedError extends ExpectedError {
  readonly code = 'subscription-not-stopped';
  readonly kind = 'broken-rule';

  constructor(name: string) {
    super(
      `"${name}" has not stopped after an error, so it handles its next event itself. ` +
        `An event that it has parked is a dead letter, and can be discarded.`,
    );
  }
}

/** The event is not the one at which the subscription has stopped. */
export class NotTheNextEventError extends ExpectedError {
  readonly code = 'not-the-next-event';
  readonly kind = 'broken-rule';

  constructor(name: string, eventId: string, next: readonly RecordedEvent[]) {
    const shown = next.map((event) => `${event.eventId} (${event.type} at position ${event.position})`).join(', or ');
    super(
      `"${name}" has not stopped at the event ${eventId}. ` +
        (shown === '' ? 'It has handled all events.' : `It has stopped at ${shown}, and no other can be skipped.`),
    );
  }
}

/** A process moved the subscription on, or stopped it again, while the event was being skipped. */
export class SkipOvertakenError extends ExpectedError {
  readonly code = 'busy';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor(name: string) {
    super(`A process has just tried "${name}" again, so the event was not skipped. Skip it again.`);
  }
}
