/**
 * An event whose handler failed for good, or a saga's command that did, for which later ones of its stream wait, unless
 * it is a command that was refused. Or a message of a broker that was not understood, or whose command failed for good or
 * was refused; nothing waits for it.
 */
export interface DeadLetter {
  readonly id: string;
  readonly kind: 'event' | 'command' | 'message';
  /** The side effect or saga, or the handler of the message. */
  readonly subscription: string;
  /**
   * Position and stream of the event; of a command, those of the event that caused it. Of a message, its sequence and
   * stream at the broker.
   */
  readonly position: number;
  readonly stream: string;
  /** Version of the stream after this event; 0 for a message. */
  readonly version: number;
  /** Stored type of the event, or stored name of the command. Of a message, the type of its event, or its subject. */
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
