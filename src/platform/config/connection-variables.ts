import { SettingsError } from './settings.error.js';
import type { Variables } from './variables.js';

const SECOND = 1_000;
/** Longer than any client of this API needs. */
const LONGEST = 600 * SECOND;

/** Limits of connections. Times in ms. */
export interface ConnectionSettings {
  /** From the first byte, or from the opening of the connection, to the end of the headers. */
  readonly headers: number;
  /** From the first byte to the end of the body. */
  readonly request: number;
  /** Most connections from one IPv4 address or one /64 of IPv6. Does not apply behind a proxy. */
  readonly perAddress: number;
}

/** @throws SettingsError */
export function readConnections(variables: Variables): ConnectionSettings {
  const headers = variables.duration('HEADERS_TIMEOUT', '10s', { min: SECOND, max: LONGEST });
  const request = variables.duration('REQUEST_TIMEOUT', '30s', { min: SECOND, max: LONGEST });
  if (request < headers) {
    throw new SettingsError(
      'REQUEST_TIMEOUT',
      'is shorter than HEADERS_TIMEOUT, which is a part of it; make it longer.',
    );
  }
  return { headers, request, perAddress: variables.integer('CONNECTIONS_PER_ADDRESS', 500, { min: 10 }) };
}
