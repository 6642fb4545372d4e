import { isIPv6 } from 'node:net';

/** Hextets of the block that a provider usually gives to one customer: a /64. */
const NETWORK = 4;

/** The address block of one caller: an IPv4 address, or the /64 of an IPv6 address. */
export function addressBlock(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = (address.split('%', 1)[0] ?? '').split('::');
  const first = head === '' ? [] : head.split(':');
  const last = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const hextets = [...first, ...Array.from({ length: zeros }, () => '0'), ...last];
  return `${hextets
    .slice(0, NETWORK)
    .map((hextet) => Number.parseInt(hextet, 16).toString(16))
    .join(':')}::/64`;
}
