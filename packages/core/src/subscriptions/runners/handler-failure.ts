import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { failureOf } from '../parking/failure.js';

/** A handler threw, or what it wrote could not be stored. */
export class HandlerFailure extends Error {
  constructor(
    readonly event: RecordedEvent,
    override readonly cause: unknown,
  ) {
    super(`${messageOf(cause)} (${event.type} at position ${event.position})`);
    this.name = 'HandlerFailure';
    this.stack = stackOf(cause) ?? this.stack!;
  }
}

/** The rows of several events could not be stored together. Which event it is for, only trying each alone can tell. */
export class BatchFailure extends Error {
  constructor(
    first: RecordedEvent,
    readonly last: RecordedEvent,
    override readonly cause: unknown,
  ) {
    super(`${messageOf(cause)} (in a batch of the positions ${first.position} to ${last.position})`);
    this.name = 'BatchFailure';
    this.stack = stackOf(cause) ?? this.stack!;
  }
}

/** An event kills the process that handles it, and can't be set aside. */
export class DeadlyEventError extends Error {
  constructor({ type, position }: RecordedEvent, deaths: number) {
    super(`The process died ${deaths} times while it handled the event at position ${position} (${type}).`);
    this.name = 'DeadlyEventError';
  }
}

export function messageOf(error: unknown): string {
  return failureOf(error).message;
}

export function stackOf(error: unknown): string | null {
  return failureOf(error).stack;
}

/** What a handler threw, or what failed otherwise. */
export function causeOf(error: unknown): unknown {
  return error instanceof HandlerFailure || error instanceof BatchFailure ? error.cause : error;
}
