import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { ResolvedNatsOptions } from '../nats-options.js';
import { loadClient } from './load-client.js';
import { openConnection } from './open-connection.js';
import { ensureStream } from './stream.js';

interface Opened {
  readonly connection: NatsConnection;
  readonly client: JetStreamClient;
}

/**
 * One connection to the broker, opened when it is needed first. It does not reconnect by itself: the client would keep
 * what is sent meanwhile in memory and send it later, when its sender has given up. A caller that fails drops the
 * connection, and the next one opens another, to any of the servers.
 */
export class BrokerConnection {
  private opening: Promise<Opened> | undefined;

  constructor(private readonly options: ResolvedNatsOptions) {}

  /** @throws errors of the client; then the next call tries again */
  async client(): Promise<JetStreamClient> {
    this.opening ??= this.open();
    const { opening } = this;
    try {
      return (await opening).client;
    } catch (error) {
      if (this.opening === opening) this.opening = undefined;
      throw error;
    }
  }

  /** Drops the connection of this client, unless another one has taken its place. */
  async drop(client: JetStreamClient): Promise<void> {
    const { opening } = this;
    const opened = await opening?.catch(() => undefined);
    if (opened?.client !== client) return;
    if (this.opening === opening) this.opening = undefined;
    await opened.connection.close();
  }

  /** Closes the connection, if there is one. */
  async close(): Promise<void> {
    const { opening } = this;
    this.opening = undefined;
    const opened = await opening?.catch(() => undefined);
    await opened?.connection.close();
  }

  private async open(): Promise<Opened> {
    const { timeout } = this.options;
    const { jetstream } = await loadClient();
    const connection = await openConnection(this.options);
    try {
      await ensureStream(connection, this.options);
      return { connection, client: jetstream(connection, { timeout }) };
    } catch (error) {
      await connection.close();
      throw error;
    }
  }
}
