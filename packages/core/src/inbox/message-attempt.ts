import type { CommandBus } from '@nestjs/cqrs';
import type { MessageContext } from '../commands/message-context.js';
import { isRefusal } from '../errors.js';
import { isDatabaseAway } from '../event-log/database-away.js';
import { DependencyAwayError } from '../subscriptions/dependency-away.error.js';
import { type Failure, failureOf } from '../subscriptions/parking/failure.js';
import type { UnderstoodMessage } from './incoming-message.js';

/**
 * Outcome of an attempt. `refused`: a retry would not help. `away`: it says nothing of the message, because a database or
 * what the command needs is away.
 */
export type MessageOutcome =
  { readonly kind: 'done' } | { readonly kind: 'refused' | 'failed' | 'away'; readonly failure: Failure };

/** Makes a command of a message, and executes it. */
export class MessageAttempt {
  constructor(
    private readonly bus: CommandBus,
    private readonly context: MessageContext,
  ) {}

  /**
   * Never rejects: an error of the command is its outcome.
   * @param id of the message; the command is executed under it
   */
  async make(handler: string, id: string, message: UnderstoodMessage): Promise<MessageOutcome> {
    let command: object | undefined;
    try {
      command = withoutPromise(message.toCommand(), handler);
    } catch (error) {
      return { kind: 'refused', failure: failureOf(error, message) };
    }
    try {
      if (command) await this.execute(command, handler, id, message);
      return { kind: 'done' };
    } catch (error) {
      const isAway = isDatabaseAway(error) || error instanceof DependencyAwayError;
      const kind = isAway ? 'away' : isRefusal(error) ? 'refused' : 'failed';
      return { kind, failure: failureOf(error, message) };
    }
  }

  private execute(command: object, handler: string, id: string, message: UnderstoodMessage): Promise<unknown> {
    const origin = {
      actor: `message:${handler}`,
      correlationId: message.correlationId ?? id,
      causationId: causeOf(message.id),
      traceparent: message.traceparent,
      // Kept for ever: the message may be published again at any later time.
      commandId: id,
    };
    return this.context.run(origin, () => this.bus.execute(command));
  }
}

/** The longest cause that an event can have, in characters. */
const LONGEST_CAUSE = 255;

/** The id of a message as a cause. A longer one is cut, because the log would refuse it. */
function causeOf(id: string): string {
  const characters = Array.from(id);
  return characters.length <= LONGEST_CAUSE ? id : `${characters.slice(0, LONGEST_CAUSE - 1).join('')}…`;
}

/** @throws TypeError when `toCommand` is async, which the compiler accepts */
function withoutPromise(command: object | undefined, handler: string): object | undefined {
  if (typeof (command as PromiseLike<unknown> | null | undefined)?.then !== 'function') return command;
  // If nobody handled its rejection, the process would end.
  Promise.resolve(command).catch(() => undefined);
  throw new TypeError(
    `toCommand of "${handler}" returned a promise. It must return the command itself: do not make it async, and leave to ` +
      `the command's handler what has to be looked up.`,
  );
}
