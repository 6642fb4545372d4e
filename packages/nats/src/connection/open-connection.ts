import type { ConnectionOptions } from 'node:tls';
import type { NatsConnection, TlsOptions } from '@nats-io/transport-node';
import type { ResolvedNatsOptions } from '../nats-options.js';
import { loadClient } from './load-client.js';
import { authenticatorOf } from './login.js';
import { serverIdentity } from './server-identity.js';
import { parseServers } from './servers.js';

/**
 * Opens a connection that does not reconnect by itself.
 * @throws errors of the client; SetupError and what `login.read` throws
 */
export async function openConnection({
  servers,
  tls: certificates,
  login,
  timeout,
}: Pick<ResolvedNatsOptions, 'servers' | 'tls' | 'login' | 'timeout'>): Promise<NatsConnection> {
  const { connect } = await loadClient();
  const { tls, ...where } = parseServers(servers);
  const secured: TlsOptions & Pick<ConnectionOptions, 'checkServerIdentity'> = {
    ...certificates,
    checkServerIdentity: serverIdentity(where.servers),
  };
  return connect({
    ...where,
    ...(tls || certificates ? { tls: secured } : {}),
    ...(login ? { authenticator: await authenticatorOf(login) } : {}),
    timeout,
    name: 'leftfold',
    reconnect: false,
    // One that hangs is found within a few seconds, and not after four minutes.
    pingInterval: timeout,
  });
}
