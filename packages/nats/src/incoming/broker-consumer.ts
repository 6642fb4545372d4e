import type { Consumer } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { openConnection } from '../connection/open-connection.js';
import type { ResolvedNatsOptions } from '../nats-options.js';
import { durableConsumer, durableNameOf } from './durable-consumer.js';
import type { HandlerDescriptor } from './integration-event-handler.decorator.js';
import type { ConsumerConnection } from './message-source.js';

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
    const { options, handler, since } = this;
    this.connection = await openConnection(options);
    const durable = durableNameOf(options.subjectPrefix, handler.name);
    return durableConsumer(this.connection, { ...handler, durable, since, timeout: options.timeout });
  }

  async drop(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    await connection?.close();
  }

  async close(): Promise<void> {
    const { connection } = this;
    this.connection = undefined;
    if (connection && !connection.isClosed()) await connection.drain();
  }
}
