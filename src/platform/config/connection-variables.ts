import { SettingsError } from './settings.error.js';
import type { Variables } from './variables.js';

const SECOND = 1_000;
/** Longer than any client of this API needs. */
const LONGEST = 600 * SECOND;

/** What connections may take. Times in ms. */
export interface ConnectionSettings {
  /** From the first byte, or from the connection, to the end of the headers. */
  readonly headers: number;
  /** From the first byte to the end of the body. */
  readonly request: number;
  /** Connections from one IPv4 address or /64 of IPv6; not behind a proxy. */
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
