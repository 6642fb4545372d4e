import { SetupError } from '@leftfold/core';
import type { ICommand } from '@nestjs/cqrs';
import type { CloudEvent } from './cloud-event.js';

/** Options of `@IntegrationEventHandler`. */
export interface IntegrationEventHandlerOptions {
  /** `<feature>.<what-it-does>`. It names the durable consumer and is part of the commands' ids, so it never changes. */
  readonly name: string;
  /** Stream of JetStream that has the messages. Default: the one that takes the subject. */
  readonly stream?: string;
  /**
   * Where a new consumer begins: with messages stored from `now` on, the time at which a process first looks for them
   * (the default), or at the `beginning` of the stream. One that exists goes on where it is.
   */
  readonly startAt?: 'now' | 'beginning';
  /**
   * The most messages that a process handles at the same time, from 1 to 500. Default: 8, in no order. With 1, messages
   * are handled one after the other over all nodes, in the order of the stream; a message that fails holds up the later
   * ones until it is handled or a dead letter.
   */
  readonly concurrency?: number;
  /**
   * How long a process may be silent about a message before the broker delivers it again, in ms, from 1,000 to 3,600,000;
   * 30,000 when left out. While a command runs, the process says so, so this is how long a crash delays a message.
   */
  readonly ackWait?: number;
}

/** The class that `@IntegrationEventHandler` decorates. */
export interface IntegrationEventTranslation {
  /**
   * The command that follows from the event; undefined to ignore it. It must depend on the event alone: it is called again
   * for each attempt.
   * @throws when the event has no meaning here, such as `data` of an unknown shape; then the message is a dead letter
   */
  toCommand(event: CloudEvent): ICommand | undefined;
}

export interface HandlerDescriptor extends Required<Omit<IntegrationEventHandlerOptions, 'stream'>> {
  readonly subject: string;
  readonly stream: string | undefined;
}

/** Tokens with dots between them; `*` stands for one token, `>` at the end for one or several. */
const SUBJECT = /^(?:[^\s.*>\p{Cc}]+|\*)(?:\.(?:[^\s.*>\p{Cc}]+|\*))*(?:\.>)?$|^>$/u;
const MOST_AT_ONCE = 500;
/** In ms. */
const SHORTEST_WAIT = 1_000;
const LONGEST_WAIT = 3_600_000;

const descriptors = new WeakMap<object, HandlerDescriptor>();

/**
 * Turns the CloudEvents of a durable consumer of JetStream into commands. Each event takes effect once by its `source` and
 * `id`, however often its message is delivered or published. The message is acknowledged when the command's outcome is
 * stored. A command that fails is tried again, see `Retry`; one that is refused makes the message a dead letter.
 * @param subject of the messages, such as `billing.invoice.*`
 * @throws SetupError when the subject or the concurrency has no meaning
 */
export function IntegrationEventHandler(subject: string, options: IntegrationEventHandlerOptions) {
  const { name, stream, startAt = 'now', concurrency = 8, ackWait = 30_000 } = options;
  return (handlerClass: abstract new (...args: never[]) => IntegrationEventTranslation): void => {
    const refuse = (sentence: string): never => {
      throw new SetupError(`@IntegrationEventHandler('${subject}') on ${handlerClass.name}: ${sentence}`);
    };
    if (!SUBJECT.test(subject))
      refuse('write the subject as tokens with dots between them, such as billing.invoice.*.');
    if (!Number.isInteger(concurrency) || concurrency < 1 || concurrency > MOST_AT_ONCE) {
      refuse(`the concurrency must be a whole number from 1 to ${MOST_AT_ONCE}.`);
    }
    if (!Number.isInteger(ackWait) || ackWait < SHORTEST_WAIT || ackWait > LONGEST_WAIT) {
      refuse(`ackWait must be a whole number of ms from ${SHORTEST_WAIT} to ${LONGEST_WAIT}.`);
    }
    descriptors.set(handlerClass, { subject, name, stream, startAt, concurrency, ackWait });
  };
}

export function describeIntegrationEventHandler(handlerClass: object): HandlerDescriptor | undefined {
  return descriptors.get(handlerClass);
}
