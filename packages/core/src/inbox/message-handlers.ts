import type { DeclaredHandlers } from './declared-handlers.js';
import type { FeedStatus, MessageFeed } from './message-feed.js';

/** A handler of messages, as this process sees it. */
export interface MessageHandlerStatus extends FeedStatus {
  readonly name: string;
  /** Where its messages are, such as a subject; null when there is no broker. */
  readonly from: string | null;
  /** `off`: there is no broker. */
  readonly state: 'live' | 'stopped' | 'off';
  /** Whether this process takes messages for it. */
  readonly isRunHere: boolean;
}

const OFF: FeedStatus = { problem: null, error: null, waiting: null, unacknowledged: null };

/** The handlers of messages that this program has, and whether messages arrive. */
export class MessageHandlers {
  /** @internal */
  constructor(
    private readonly handlers: DeclaredHandlers,
    private readonly feeds: ReadonlyMap<string, MessageFeed>,
  ) {}

  /** All of them, by name. It asks the broker, once for each handler. */
  list(): Promise<MessageHandlerStatus[]> {
    return this.ask(() => true);
  }

  /** Those for which this process takes messages, by name. */
  runHere(): Promise<MessageHandlerStatus[]> {
    return this.ask((feed) => feed?.isRunning ?? false);
  }

  private ask(matters: (feed: MessageFeed | undefined) => boolean): Promise<MessageHandlerStatus[]> {
    const names = this.handlers.names.filter((name) => matters(this.feeds.get(name)));
    return Promise.all(names.toSorted().map((name) => this.statusOf(name)));
  }

  private async statusOf(name: string): Promise<MessageHandlerStatus> {
    const feed = this.feeds.get(name);
    if (!feed) return { name, from: null, state: 'off', isRunHere: false, ...OFF };
    const { from, isRunning: isRunHere } = feed;
    const status = await feed.status();
    return { name, from, state: status.problem === null ? 'live' : 'stopped', isRunHere, ...status };
  }
}
