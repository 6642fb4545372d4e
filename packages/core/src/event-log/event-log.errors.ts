import { ExpectedError } from '../errors.js';
import type { ExpectedVersion } from './event-log.js';

/** A stream was not at the version that the append expected. */
export class ConcurrencyError extends Error {
  constructor(
    readonly stream: string,
    readonly expected: ExpectedVersion,
    readonly actual: number,
  ) {
    super(`${stream} was expected at ${expected}, and is at version ${actual}.`);
    this.name = 'ConcurrencyError';
  }
}

/** The stream was closed by an event, so it takes no further ones. */
export class StreamClosedError extends ExpectedError {
  readonly code = 'stream-closed';
  readonly kind = 'broken-rule';

  constructor(
    readonly stream: string,
    /** Position of the event that closed it. */
    readonly position: number,
  ) {
    super(`${stream} is closed, by the event at position ${position}. It takes no further events.`);
  }
}

/** An event that matches the append's condition was already stored. */
export class ConditionNotMetError extends Error {
  constructor(readonly position: number) {
    super(`The event at position ${position} violates the condition of this append.`);
    this.name = 'ConditionNotMetError';
  }
}

/**
 * Another stored event, in any stream, already has the id of an event of the append. This is a bug in the program that
 * made the id; repeating the append does not help.
 */
export class EventIdTakenError extends Error {
  constructor(
    readonly eventId: string,
    /** Position of the event that has the id. */
    readonly position: number,
  ) {
    super(
      `The event id ${eventId} is taken: the event at position ${position} has it. ` +
        `Make a new id for each event, or leave eventId out.`,
    );
    this.name = 'EventIdTakenError';
  }
}

/** The append can never be stored in any log. */
export class InvalidAppendError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidAppendError';
  }
}

/** The read can never be answered by any log. */
export class InvalidReadError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'InvalidReadError';
  }
}

/** The data or the metadata of one event is larger than the log allows. */
export class EventTooLargeError extends Error {
  constructor(type: string, part: 'data' | 'metadata', size: number, limit: number) {
    super(
      `An event of type "${type}" has ${size} bytes of ${part}; the limit is ${limit} (eventSizeLimit). ` +
        `Store less in one event, or raise the limit.`,
    );
    this.name = 'EventTooLargeError';
  }
}

/** The log did not answer. The append may have been stored; repeat it with the same command id to find out. */
export class EventLogUnavailableError extends ExpectedError {
  readonly code = 'busy';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor(cause?: unknown) {
    super('The event log does not answer at the moment. Try again.', { cause });
  }
}
