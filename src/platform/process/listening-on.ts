import type { AddressInfo } from 'node:net';

/** The URL of the very address that a server listens on. Nest's own `getUrl` shows another one for all addresses of a machine. */
export function listeningOn({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
