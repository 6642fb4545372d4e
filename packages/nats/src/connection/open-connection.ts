import type { NatsConnection } from '@nats-io/transport-node';
import type { ResolvedNatsOptions } from '../nats-options.js';
import { loadClient } from './load-client.js';
import { parseServers } from './servers.js';

/**
 * Opens a connection that does not reconnect by itself.
 * @throws errors of the client
 */
export async function openConnection({
  servers,
  tls: certificates,
  timeout,
}: Pick<ResolvedNatsOptions, 'servers' | 'tls' | 'timeout'>): Promise<NatsConnection> {
  const { connect } = await loadClient();
  const { tls, ...where } = parseServers(servers);
  return connect({
    ...where,
    ...(tls || certificates ? { tls: { ...certificates } } : {}),
    timeout,
    name: 'leftfold',
    reconnect: false,
    // One that hangs is found within a few seconds, and not after four minutes.
    pingInterval: timeout,
  });
}
