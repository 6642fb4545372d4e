import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';

/** What Node.js asks for when the client of NATS gives it no name, which is so for servers with an IP address. */
const NO_NAME = 'localhost';

/**
 * Checks that a certificate is for the host that was asked for. For servers with an IP address the client gives no name, so
 * the certificate must be for one of their addresses.
 * @param servers `<host>:<port>` of each
 */
export function serverIdentity(
  servers: readonly string[],
): (name: string, certificate: PeerCertificate) => Error | undefined {
  const hosts = servers.map((server) => new URL(`tls://${server}`).hostname.replaceAll(/[[\]]/g, ''));
  const unnamed = hosts.filter((host) => host === NO_NAME || isIP(host) !== 0);
  return (name, certificate) => {
    const accepted = name === NO_NAME && unnamed.length > 0 ? unnamed : [name];
    const errors = accepted.map((host) => checkServerIdentity(host, certificate));
    return errors.includes(undefined) ? undefined : errors[0];
  };
}
