import type { NatsConnection } from '@nats-io/transport-node';
import type { ResolvedNatsOptions } from '../nats-options.js';
import { loadClient } from './load-client.js';

/** Makes the stream when no stream takes the subjects. One that exists is used as it is, whatever its settings. */
export async function ensureStream(
  connection: NatsConnection,
  { subjectPrefix, stream, timeout }: ResolvedNatsOptions,
): Promise<void> {
  const { jetstreamManager, RetentionPolicy, StorageType } = await loadClient();
  const manager = await jetstreamManager(connection, { timeout });
  const subjects = `${subjectPrefix}.>`;
  const taken = await manager.streams.names(subjects).next();
  if (taken.length > 0) return;
  // Two nodes that do this at the same time ask for the same stream, which the broker accepts.
  await manager.streams.add({
    name: stream.name,
    subjects: [subjects],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    num_replicas: stream.replicas,
  });
}
