async function load() {
  const [transport, stream] = await Promise.all([import('@nats-io/transport-node'), import('@nats-io/jetstream')]);
  return { ...transport, ...stream };
}

let client: ReturnType<typeof load> | undefined;

/** The client for NATS and JetStream. It is loaded for the first connection, because most applications have no broker. */
export function loadClient(): ReturnType<typeof load> {
  return (client ??= load());
}
