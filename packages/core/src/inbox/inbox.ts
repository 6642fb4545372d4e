import { Logger } from '@nestjs/common';
import { Mutex } from '../databases/mutex.js';
import { isDatabaseAway } from '../event-log/database-away.js';
import { type Failure, failureOf } from '../subscriptions/parking/failure.js';
import { pauseAfter } from '../subscriptions/retry-policy.js';
import { messageOf } from '../subscriptions/runners/handler-failure.js';
import type { Telemetry } from '../telemetry.js';
import type { DeclaredHandler, DeclaredHandlers } from './declared-handlers.js';
import type { InboxEntry, InboxTable, Tries } from './inbox-table.js';
import type { IncomingMessage, MessageHandler, Receipt, UnderstoodMessage } from './incoming-message.js';
import type { MessageFeed } from './message-feed.js';
import type { MessageAttempt } from './message-attempt.js';
import { messageIdOf, placeIdOf } from './message-id.js';
import { usedUpByDeaths } from './used-up.js';

const DONE: Receipt = { kind: 'done' };

/**
 * Turns messages of brokers into commands, for packages that connect a broker. A message takes effect once, however often
 * it is delivered or published: its command is executed under an id that is made of the handler's name and the `source`
 * and `id` of the message. A message that can't be understood or is refused becomes a dead letter.
 */
export class Inbox {
  private readonly logger = new Logger('incoming messages');
  /** Messages that may have crashed a process are tried one at a time, so that only the one that does so is given up. */
  private readonly suspects = new Mutex();

  /** @internal */
  constructor(
    private readonly handlers: DeclaredHandlers,
    private readonly table: InboxTable,
    private readonly attempt: MessageAttempt,
    private readonly telemetry: Telemetry,
    private readonly feeds: Map<string, MessageFeed>,
  ) {}

  /**
   * Adds a handler. Call it in `onModuleInit`: later, the background work runs already. A name without the form
   * `<feature>.<what-it-does>`, or one that is taken, is a `SetupError` later in the start.
   * @param declaredBy the class that may have `@Retry`; the defaults are those of sagas
   * @param feed what takes the messages from the broker, in processes that run subscriptions
   */
  add(declaredBy: Function, handler: MessageHandler, feed?: MessageFeed): void {
    this.handlers.add(declaredBy, handler);
    if (feed) this.feeds.set(handler.name, feed);
  }

  /**
   * Handles a message that was delivered. It settles when the outcome is stored, so the message may be acknowledged then.
   * What goes wrong with the message, or with the database, is its outcome. Any number of processes may have the same message
   * at the same time.
   * @throws SetupError when no handler with this name was added
   */
  async receive(handlerName: string, message: IncomingMessage): Promise<Receipt> {
    const handler = this.handlers.named(handlerName);
    try {
      return await this.handle(handler, message);
    } catch (error) {
      const place = `${message.stream}:${message.sequence}`;
      const what = `What came of the message ${place} could not be stored; it is tried again: ${messageOf(error)}`;
      if (isDatabaseAway(error)) this.logger.warn(what);
      else this.logger.error(what);
      return { kind: 'again', after: pauseAfter(message.deliveries, handler.retry.backoff) };
    }
  }

  private async handle(handler: DeclaredHandler, message: IncomingMessage): Promise<Receipt> {
    const understood = this.understand(handler, message);
    const known = 'failure' in understood ? undefined : understood;
    const entry: InboxEntry = {
      id: known ? messageIdOf(handler.name, known) : placeIdOf(handler.name, message),
      handler: handler.name,
      type: known ? known.type : message.subject,
      message,
    };
    const before = await this.table.find(entry.id);
    if (before && before.state !== 'failing') return settled(before.state);
    if ('failure' in understood) return this.bury(entry, understood.failure);
    // A first attempt is recorded only when it fails: most messages are handled at once.
    if (!before && message.deliveries === 1) return this.tryIt(handler, entry, understood, undefined);
    const tryAgain = () => this.tryAgain(handler, entry, understood, before?.error ?? undefined);
    return before && before.tries > before.failures ? this.suspects.run(tryAgain) : tryAgain();
  }

  /** Tries a message whose process may have crashed. The attempt is recorded before it is made. */
  private async tryAgain(
    handler: DeclaredHandler,
    entry: InboxEntry,
    understood: UnderstoodMessage,
    lastError: string | undefined,
  ): Promise<Receipt> {
    const tries = await this.table.begin(entry);
    if (!tries) return settled('dead');
    const deadly = usedUpByDeaths(tries, handler.retry.deaths, lastError);
    return deadly ? this.bury(entry, deadly) : this.tryIt(handler, entry, understood, tries);
  }

  private understand(handler: DeclaredHandler, message: IncomingMessage): UnderstoodMessage | { failure: Failure } {
    try {
      return handler.read(message);
    } catch (error) {
      return { failure: failureOf(error) };
    }
  }

  private async tryIt(
    { name, retry }: DeclaredHandler,
    entry: InboxEntry,
    understood: UnderstoodMessage,
    tries: Tries | undefined,
  ): Promise<Receipt> {
    const outcome = await this.attempt.make(name, entry.id, understood);
    if (outcome.kind === 'done') {
      if (tries) await this.table.remove(entry.id);
      return DONE;
    }
    const { kind, failure } = outcome;
    if (kind === 'refused') return this.bury(entry, failure);
    if (kind === 'away') {
      this.logger.warn(`${failure.message} (${entry.type} for ${name}); trying again.`);
      if (tries) await this.table.takeBack(entry.id);
      return { kind: 'again', after: pauseAfter(entry.message.deliveries, retry.backoff) };
    }
    const failures = await this.table.fail(entry, failure, tries !== undefined);
    if (failures === undefined) return settled('dead');
    if (failures >= retry.attempts) return this.bury(entry, failure);
    this.logger.warn(`${failure.message} (${entry.type} for ${name}); trying again.`);
    this.telemetry.retried(name, 'message');
    return { kind: 'again', after: pauseAfter(failures, retry.backoff) };
  }

  private async bury(entry: InboxEntry, failure: Failure): Promise<Receipt> {
    await this.table.bury(entry, failure);
    this.logger.error(`A dead letter: ${failure.message} (${entry.type} for ${entry.handler})`);
    return { kind: 'dead', reason: failure.message };
  }
}

/** The message is a dead letter, is being retried on request, or was discarded. */
function settled(state: 'dead' | 'retrying' | 'discarded'): Receipt {
  return state === 'discarded' ? DONE : { kind: 'dead', reason: 'It is a dead letter.' };
}
