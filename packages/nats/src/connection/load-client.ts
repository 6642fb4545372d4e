import type * as JetStream from '@nats-io/jetstream';
import type * as Transport from '@nats-io/transport-node';

type Client = Omit<typeof Transport, 'default'> & Omit<typeof JetStream, 'default'>;

async function load(): Promise<Client> {
  const [transport, stream] = await Promise.all([import('@nats-io/transport-node'), import('@nats-io/jetstream')]);
  return { ...transport, ...stream };
}

let client: Promise<Client> | undefined;

/** The client for NATS and JetStream. It is loaded for the first connection, because most applications have no broker. */
export function loadClient(): Promise<Client> {
  return (client ??= load());
}
