import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { openConnection } from '../connection/open-connection.js';
import type { ResolvedNatsOptions } from '../nats-options.js';
import { consumerInfo, durableConsumer, durableNameOf } from './durable-consumer.js';
import type { HandlerDescriptor } from './integration-event-handler.decorator.js';
import type { ConsumerConnection } from './message-source.js';

/** How long acknowledgements may take to be sent at the end, in ms. */
const LONGEST_DRAIN = 1_000;

/** The consumer of a handler, on a connection of its own. */
export class BrokerConsumer implements ConsumerConnection {
  private connection: NatsConnection | undefined;
  private since: Date | undefined;

  constructor(
    private readonly options: ResolvedNatsOptions,
    private readonly handler: HandlerDescriptor,
  ) {}

  async consumer(): Promise<Consumer> {
    this.since ??= new Date();
    const { options, since } = this;
    this.connection = await openConnection(options);
    return durableConsumer(this.connection, { ...this.wanted, since });
  }

  async info(): Promise<ConsumerInfo> {
    const { connection } = this;
    if (connection) return consumerInfo(connection, this.wanted);
    const opened = await openConnection(this.options);
    try {
      return await consumerInfo(opened, this.wanted);
    } finally {
      await opened.close();
    }
  }

  private get wanted() {
    const { options, handler } = this;
    const durable = durableNameOf(options.subjectPrefix, handler.name);
    return { ...handler, durable, timeout: options.timeout };
  }

  async drop(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    await connection?.close();
  }

  async close(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    if (!connection) return;
    // A broker that hangs answers nothing, and a shutdown must not wait for it. It delivers again what it has not heard of.
    await Promise.race([drained(connection), delay(LONGEST_DRAIN, undefined, { ref: false })]);
    await connection.close();
  }
}

/** Sends what is left. Fails when the connection is lost meanwhile, which makes no difference. */
async function drained(connection: NatsConnection): Promise<void> {
  if (!connection.isClosed()) await connection.drain().catch(() => undefined);
}
