import { BlockList, isIPv6 } from 'node:net';
import type { FastifyRequest } from 'fastify';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** What proxies add. One on this machine must not make its callers look as if they were here. */
const FORWARDED_BY = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/** Whether a request was made on this machine, as far as can be seen: to its loopback address, and through no proxy. */
export function isFromThisMachine({ ip, headers }: Pick<FastifyRequest, 'ip' | 'headers'>): boolean {
  if (FORWARDED_BY.some((name) => headers[name] !== undefined)) return false;
  // An IPv4 address within an IPv6 one, as ::ffff:127.0.0.1, meets the rule for IPv4.
  return LOOPBACK.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');
}
