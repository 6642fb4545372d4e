import type { BackgroundWork, IncomingMessage, Receipt } from '@leftfold/core';
import type { Consumer, ConsumerMessages, JsMsg } from '@nats-io/jetstream';
import { Logger } from '@nestjs/common';
import { Pause } from './pause.js';

/** The longest that a request for messages stays open, in ms. */
const LONGEST_REQUEST = 30_000;

/** What a source needs of the broker. */
export interface ConsumerConnection {
  /** @throws when the broker is away; then the next call tries again */
  consumer(): Promise<Consumer>;
  /** Drops the connection, so that the next call opens another. */
  drop(): Promise<void>;
  /** Sends what is left, such as acknowledgements, and closes. */
  close(): Promise<void>;
}

/** How a source works. */
export interface SourceOptions {
  readonly name: string;
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
export class MessageSource implements BackgroundWork {
  private readonly logger: Logger;
  private readonly pause = new Pause();
  private readonly handling = new Set<Promise<void>>();
  private messages: ConsumerMessages | undefined;
  private failures = 0;
  private reported: string | undefined;
  private stopping = false;
  private loop: Promise<void> | undefined;

  constructor(
    private readonly options: SourceOptions,
    private readonly connection: ConsumerConnection,
    private readonly receive: (message: IncomingMessage) => Promise<Receipt>,
  ) {
    this.logger = new Logger(`messages for ${options.name}`);
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

  private async run(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.take(await this.connection.consumer());
      } catch (error) {
        if (this.stopping) break;
        this.failures += 1;
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

function answer(message: JsMsg, receipt: Receipt): void {
  switch (receipt.kind) {
    case 'done':
      return message.ack();
    case 'dead':
      // Servers before 2.11 take no reason.
      return message.term();
    case 'again':
      return message.nak(Math.ceil(receipt.after));
  }
}

function incoming(message: JsMsg): IncomingMessage {
  const { stream, streamSequence, deliveryCount } = message.info;
  return {
    stream,
    sequence: streamSequence,
    storedAt: String(message.timestampNanos),
    deliveries: deliveryCount,
    subject: message.subject,
    body: message.data,
  };
}
