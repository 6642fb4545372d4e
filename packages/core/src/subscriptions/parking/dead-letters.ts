import { ExpectedError } from '../../errors.js';

/**
 * Something that failed for good: an event, because its handler did, or a command that a saga emitted. What comes later in
 * its stream waits behind it, unless it is a command that was refused.
 */
export interface DeadLetter {
  readonly id: string;
  readonly kind: 'event' | 'command';
  /** The side effect or saga. */
  readonly subscription: string;
  /** Position and stream of the event; of a command, those of the event that caused it. */
  readonly position: number;
  readonly stream: string;
  /** Version of the stream with this event. */
  readonly version: number;
  /** Stored type of the event, or stored name of the command. */
  readonly type: string;
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
  readonly error: string;
  readonly stack: string | null;
  /** Later events, or commands, of its stream that wait. */
  readonly waiting: number;
}

/** What has become of a letter so far, also after somebody asked for a retry. */
export interface DeadLetterFate {
  readonly kind: DeadLetter['kind'];
  readonly subscription: string;
  readonly state: 'dead' | 'retrying';
  /** Whether it may be tried now, and nobody is at it. */
  readonly isDue: boolean;
  /** Attempts in all. */
  readonly attempts: number;
  /** What the last attempt failed with. */
  readonly error: string;
}

/** How many of one kind a subscription has; at least one. */
export interface DeadLetterCount {
  readonly subscription: string;
  readonly kind: DeadLetter['kind'];
  readonly count: number;
}

/** There is no dead letter of that id, or not any more. */
export class DeadLetterNotFoundError extends ExpectedError {
  readonly code = 'dead-letter-not-found';
  readonly kind = 'not-found';

  constructor(id: string) {
    super(`There is no dead letter ${id}. It may have been retried or discarded meanwhile.`);
  }
}

/** What failed for good, for operators to decide on. The same on every node. */
export abstract class DeadLetters {
  /**
   * In the order in which they were set aside.
   * @param after id of the last one of the page before
   * @param limit the most to return
   */
  abstract list(after: string | undefined, limit: number): Promise<DeadLetter[]>;

  /** How many there are of each subscription that has some, also of one that this program does not have any more. */
  abstract count(): Promise<DeadLetterCount[]>;

  /** @throws DeadLetterNotFoundError */
  abstract get(id: string): Promise<DeadLetter>;

  /** Where it stands, also while it is tried again; undefined once it was handled or discarded. */
  abstract fate(id: string): Promise<DeadLetterFate | undefined>;

  /**
   * Tries it again, with all attempts that a new event has; when it succeeds, those that wait behind it follow in order.
   * @throws DeadLetterNotFoundError, SubscriptionGoneError, CommandGoneError
   */
  abstract retry(id: string): Promise<void>;

  /**
   * Gives it up for ever, and lets those that wait behind it go on.
   * @throws DeadLetterNotFoundError
   */
  abstract discard(id: string): Promise<void>;
}
