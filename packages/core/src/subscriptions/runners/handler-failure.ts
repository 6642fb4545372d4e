import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { QuotedSource } from '../../personal-data.js';
import { FailureOfCause, failureOf } from '../parking/failure.js';

/** A handler threw, or what it wrote could not be stored. */
export class HandlerFailure extends FailureOfCause {
  constructor(
    readonly event: RecordedEvent,
    override readonly cause: unknown,
  ) {
    super(`${messageOf(cause, event)} (${event.type} at position ${event.position})`);
    this.name = 'HandlerFailure';
    this.stack = stackOf(cause, event) ?? this.stack!;
  }
}

/**
 * The rows of several events could not be stored together. Only handling each event alone shows which one is at fault.
 */
export class BatchFailure extends FailureOfCause {
  readonly last: RecordedEvent;

  /** @param events at least one */
  constructor(
    events: readonly RecordedEvent[],
    override readonly cause: unknown,
  ) {
    const [first, last] = [events[0]!, events.at(-1)!];
    super(`${messageOf(cause, ...events)} (in a batch of the positions ${first.position} to ${last.position})`);
    this.name = 'BatchFailure';
    this.last = last;
    this.stack = stackOf(cause, ...events) ?? this.stack!;
  }
}

/** A poison event that can't be parked. */
export class PoisonEventError extends Error {
  constructor({ type, position }: RecordedEvent, deaths: number) {
    super(
      `The process died ${deaths} times while it handled the event at position ${position} (${type}), or was blocked for longer than its lease.`,
    );
    this.name = 'PoisonEventError';
  }
}

/** @param sources what was handled; what the error quotes from it is removed */
export function messageOf(error: unknown, ...sources: readonly QuotedSource[]): string {
  return failureOf(error, ...sources).message;
}

export function stackOf(error: unknown, ...sources: readonly QuotedSource[]): string | null {
  return failureOf(error, ...sources).stack;
}

/** The handler's error, or any other cause of the failure. */
export function causeOf(error: unknown): unknown {
  return error instanceof HandlerFailure || error instanceof BatchFailure ? error.cause : error;
}
