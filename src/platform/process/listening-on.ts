import type { AddressInfo } from 'node:net';

/** The URL of the address that a server listens on. Nest's own `getUrl` shows a different one when the server listens on all addresses. */
export function listeningOn({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
