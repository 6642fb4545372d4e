import type { BackgroundWork } from '../subscriptions/subscription-host.js';

/**
 * Why no messages arrive. `away`: the broker can't be reached, or refuses; `missing`: it has no stream or no consumer for the
 * handler; `still`: messages wait there, and none has been delivered for a long time.
 */
export type FeedProblem = 'away' | 'missing' | 'still';

/** What a process knows of the messages for a handler. */
export interface FeedStatus {
  /** Null when messages arrive, or would. */
  readonly problem: FeedProblem | null;
  /** For operators; null without a problem. */
  readonly error: string | null;
  /** Messages that were not delivered yet; null when the broker does not tell. */
  readonly waiting: number | null;
  /** Messages that were delivered and not acknowledged; null when the broker does not tell. */
  readonly unacknowledged: number | null;
}

/** Takes the messages for a handler from a broker, in processes that run subscriptions. */
export interface MessageFeed extends BackgroundWork {
  /** Where the messages are, such as a subject. */
  readonly from: string;
  /** Whether this process takes messages. */
  readonly isRunning: boolean;
  /**
   * Asks the broker, also in a process that takes no messages. Settles within a few seconds, because probes wait for it. Never
   * rejects: a broker that does not answer is a problem, too.
   */
  status(): Promise<FeedStatus>;
}
