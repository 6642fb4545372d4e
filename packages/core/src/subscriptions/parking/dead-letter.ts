/**
 * An event whose handler failed for good, or a saga's command that did. Later ones of its stream wait behind it, unless
 * it is a command that was refused.
 */
export interface DeadLetter {
  readonly id: string;
  readonly kind: 'event' | 'command';
  /** The side effect or saga. */
  readonly subscription: string;
  /** Position and stream of the event; of a command, those of the event that caused it. */
  readonly position: number;
  readonly stream: string;
  /** Version of the stream after this event. */
  readonly version: number;
  /** Stored type of the event, or stored name of the command. */
  readonly type: string;
  readonly attempts: number;
  readonly firstFailedAt: Date;
  readonly lastFailedAt: Date;
  readonly error: string;
  readonly stack: string | null;
  /** Number of later events, or commands, of its stream that wait. */
  readonly waiting: number;
}

/** Current state of a letter, also after a retry was requested. */
export interface DeadLetterFate {
  readonly kind: DeadLetter['kind'];
  readonly subscription: string;
  readonly state: 'dead' | 'retrying';
  /** Whether it can be tried now and no process is trying it. */
  readonly isDue: boolean;
  /** Total number of attempts. */
  readonly attempts: number;
  /** Error of the last attempt. */
  readonly error: string;
}

/** Number of dead letters of one kind in a subscription; at least one. */
export interface DeadLetterCount {
  readonly subscription: string;
  readonly kind: DeadLetter['kind'];
  readonly count: number;
}
