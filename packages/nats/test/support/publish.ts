import { jetstream, jetstreamManager, type ConsumerInfo } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';

const TIMEOUT = 20_000;

async function connected<T>(url: string | string[], work: (connection: NatsConnection) => Promise<T>): Promise<T> {
  const connection = await connect({ servers: url, timeout: TIMEOUT });
  try {
    return await work(connection);
  } finally {
    await connection.close();
  }
}

/** Makes a stream of another system. */
export async function makeStream(url: string | string[], name: string, subject: string, replicas = 1): Promise<void> {
  await connected(url, async (connection) => {
    const manager = await jetstreamManager(connection, { timeout: TIMEOUT });
    await manager.streams.add({ name, subjects: [subject], num_replicas: replicas });
  });
}

export async function dropStream(url: string, name: string): Promise<void> {
  await connected(url, async (connection) => {
    await (await jetstreamManager(connection, { timeout: TIMEOUT })).streams.delete(name);
  });
}

/** Publishes messages of another system. Without a message id, so that the stream stores a repeat again. */
export async function publish(
  url: string | string[],
  subject: string,
  ...bodies: readonly (object | string)[]
): Promise<void> {
  await connected(url, async (connection) => {
    const client = jetstream(connection, { timeout: TIMEOUT });
    for (const body of bodies) {
      await client.publish(subject, typeof body === 'string' ? body : JSON.stringify(body));
    }
  });
}

/** State of a consumer. */
export function consumerOf(url: string | string[], stream: string, durable: string): Promise<ConsumerInfo> {
  return connected(url, async (connection) => {
    const manager = await jetstreamManager(connection, { timeout: TIMEOUT });
    return manager.consumers.info(stream, durable);
  });
}

/** Settles when processes have said so many times that they are handling a message of the consumer. */
export function signsOfLife(url: string | string[], durable: string, count: number): Promise<void> {
  return connected(url, async (connection) => {
    let seen = 0;
    for await (const message of connection.subscribe(`$JS.ACK.*.${durable}.>`)) {
      if (message.string() === '+WPI' && ++seen === count) return;
    }
  });
}
