import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { FeedStatus, IncomingMessage, MessageFeed, Receipt } from '@leftfold/core';
import type { Consumer, ConsumerInfo, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { Logger } from '@nestjs/common';
import { answer, incoming } from './delivered-message.js';
import { problemOf } from './feed-problem.js';
import { Pause } from './pause.js';
import { Standstill } from './standstill.js';

/** The longest that the state of the consumer may take, in ms. Probes wait for it. */
const LONGEST_LOOK = 2_000;

/** Messages may wait without a delivery for so many times the time that a process may be silent. */
const STANDSTILL_IN_WAITS = 3;

/** The longest that a request for messages stays open, in ms. */
const LONGEST_REQUEST = 30_000;

/** What a source needs of the broker. */
export interface ConsumerConnection {
  /** @throws when the broker is away; then the next call tries again */
  consumer(): Promise<Consumer>;
  /**
   * State of the consumer, also when this process takes no messages.
   * @throws when the broker is away, or has no consumer
   */
  info(): Promise<ConsumerInfo>;
  /** Drops the connection, so that the next call opens another. */
  drop(): Promise<void>;
  /** Sends what is left, such as acknowledgements, and closes. */
  close(): Promise<void>;
}

/** How a source works. */
export interface SourceOptions {
  readonly name: string;
  readonly subject: string;
  readonly concurrency: number;
  /** How long it may be silent about a message, in ms. */
  readonly ackWait: number;
  /** Pause after so many failures in a row, in ms. */
  readonly pauseAfter: (failures: number) => number;
}

/**
 * Takes the messages of a consumer and acknowledges each when its outcome is stored. It takes no more than it handles, so
 * none wait in memory: a message that waits could be delivered again meanwhile.
 */
export class MessageSource implements MessageFeed {
  private readonly logger: Logger;
  private readonly pause = new Pause();
  private readonly handling = new Set<Promise<void>>();
  private messages: ConsumerMessages | undefined;
  private failures = 0;
  private reported: string | undefined;
  /** Why the last attempt to take messages failed; undefined while they are taken. */
  private failure: Error | undefined;
  private readonly standstill: Standstill;
  private stopping = false;
  private loop: Promise<void> | undefined;

  constructor(
    private readonly options: SourceOptions,
    private readonly connection: ConsumerConnection,
    private readonly receive: (message: IncomingMessage) => Promise<Receipt>,
  ) {
    this.logger = new Logger(`messages for ${options.name}`);
    this.standstill = new Standstill(STANDSTILL_IN_WAITS * options.ackWait);
  }

  get from(): string {
    return this.options.subject;
  }

  get isRunning(): boolean {
    return this.loop !== undefined && !this.stopping;
  }

  async status(): Promise<FeedStatus> {
    try {
      if (this.failure !== undefined) throw this.failure;
      const info = await this.lookAt();
      const isStill = this.standstill.isReached(info, performance.now());
      return {
        problem: isStill ? 'still' : null,
        error: isStill ? 'Messages wait, and none is delivered.' : null,
        waiting: info.num_pending,
        unacknowledged: info.num_ack_pending,
      };
    } catch (error) {
      return { problem: problemOf(error), error: (error as Error).message, waiting: null, unacknowledged: null };
    }
  }

  start(): void {
    this.loop ??= this.run();
  }

  /** The broker pushes what there is. */
  check(): void {}

  /** Takes no further messages, and settles when those that were taken are acknowledged. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.pause.end();
    this.messages?.stop();
    await this.loop;
  }

  /** @throws as `info`, and when the broker does not answer */
  private async lookAt(): Promise<ConsumerInfo> {
    const info = await Promise.race([this.connection.info(), delay(LONGEST_LOOK, undefined, { ref: false })]);
    if (!info) throw new Error(`NATS has not answered for ${LONGEST_LOOK} ms.`);
    return info;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.take(await this.connection.consumer());
      } catch (error) {
        if (this.stopping) break;
        this.failures += 1;
        this.failure = error as Error;
        this.report((error as Error).message);
        // What is being handled can't be acknowledged any more. The broker delivers it again, which has no further effect.
        await this.connection.drop();
        await this.pause.of(this.options.pauseAfter(this.failures));
      }
    }
    await Promise.all(this.handling);
    await this.connection.close();
  }

  private async take(consumer: Consumer): Promise<void> {
    if (this.failures > 0) this.logger.log('NATS delivers messages again.');
    this.failures = 0;
    this.reported = undefined;
    this.failure = undefined;
    while (!this.stopping) {
      const free = this.options.concurrency - this.handling.size;
      if (free === 0) {
        await Promise.race(this.handling);
        continue;
      }
      // A broker that dies takes the request with it, which is noticed when it has expired.
      const expires = Math.min(this.options.ackWait, LONGEST_REQUEST);
      this.messages = await consumer.fetch({ max_messages: free, expires });
      // It may have been asked to stop meanwhile.
      if (this.stopping) this.messages.stop();
      for await (const message of this.messages) this.handle(message);
    }
  }

  /** One line for each reason, because attempts go on without limit. */
  private report(why: string): void {
    if (this.reported === why) return;
    this.reported = why;
    this.logger.warn(`NATS delivers nothing at the moment: ${why}`);
  }

  private handle(message: JsMsg): void {
    const handled = this.receiveAndAnswer(message).finally(() => this.handling.delete(handled));
    this.handling.add(handled);
  }

  /** Never rejects. A process that dies here leaves the message unanswered, and the broker delivers it again. */
  private async receiveAndAnswer(message: JsMsg): Promise<void> {
    const renewing = setInterval(() => this.tell(message, () => message.working()), this.options.ackWait / 3);
    try {
      const receipt = await this.receive(incoming(message));
      this.tell(message, () => answer(message, receipt));
    } finally {
      clearInterval(renewing);
    }
  }

  /** The connection may be gone. The broker delivers the message again then, which has no further effect. */
  private tell(message: JsMsg, send: () => void): void {
    try {
      send();
    } catch (error) {
      this.logger.debug(`Message ${message.seq} could not be acknowledged: ${(error as Error).message}`);
    }
  }
}
