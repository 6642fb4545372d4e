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
