import { SettingsError } from './settings.error.js';
import type { Variables } from './variables.js';

const MOST_PROXIES = 10;

/**
 * `true` is one proxy. Each proxy appends to `X-Forwarded-For` the address that it saw. Entries further left than the
 * number of our own proxies come from the caller and are ignored.
 */
export function readTrustedProxies(variables: Variables): number {
  const text = variables.text('TRUST_PROXY', 'false');
  if (text === 'false') return 0;
  if (text === 'true') return 1;
  const number = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (number <= MOST_PROXIES) return number;
  throw new SettingsError(
    'TRUST_PROXY',
    `is ${JSON.stringify(text.slice(0, 50))}; set it to false, to true, or to the number of proxies in front of this program.`,
  );
}
