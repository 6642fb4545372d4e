import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { eventually } from '../../../core/test/support/eventually.js';
import { freePort } from '../../../core/test/support/free-port.mjs';
import { NatsServer } from './nats-server.js';

const NAMES = ['one', 'two', 'three'];

/** Three brokers that replicate their streams. */
export class NatsCluster {
  private constructor(private readonly servers: ReadonlyMap<string, NatsServer>) {}

  /** Settles when they have elected a leader. */
  static async start(folder: string): Promise<NatsCluster> {
    const ports = await Promise.all(NAMES.map(() => freePort()));
    const servers = new Map<string, NatsServer>();
    for (const [index, name] of NAMES.entries()) {
      const own = join(folder, name);
      await mkdir(own, { recursive: true });
      const routes = ports.filter((_, n) => n !== index);
      servers.set(name, await NatsServer.prepare(own, { name, port: ports[index]!, routes }));
    }
    await Promise.all([...servers.values()].map((server) => server.start()));
    const cluster = new NatsCluster(servers);
    // Until then JetStream does not answer.
    await eventually(() => cluster.leaderOf(undefined), 30_000);
    return cluster;
  }

  get urls(): string[] {
    return [...this.servers.values()].map(({ url }) => url);
  }

  /** Kills the broker that leads the stream. */
  async killLeaderOf(stream: string): Promise<void> {
    const leader = await eventually(async () => {
      const found = await this.leaderOf(stream);
      if (found === undefined) throw new Error(`${stream} has no leader.`);
      return found;
    }, 30_000);
    await this.servers.get(leader)!.kill();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.kill()));
  }

  private async leaderOf(stream: string | undefined): Promise<string | undefined> {
    const connection = await connect({ servers: this.urls, timeout: 1_000 });
    try {
      const manager = await jetstreamManager(connection, { timeout: 1_000 });
      return stream && (await manager.streams.info(stream)).cluster?.leader;
    } finally {
      await connection.close();
    }
  }
}
