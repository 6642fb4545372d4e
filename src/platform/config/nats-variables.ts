import { isCategory } from '@leftfold/core';
import { SettingsError } from './settings.error.js';
import type { Variables } from './variables.js';

/** Where events are published, and which. */
export interface NatsSettings {
  readonly servers: readonly string[];
  /** Undefined for all categories. */
  readonly categories: readonly string[] | undefined;
  /** File with what logs in; undefined when the URL has a user, or the server asks for none. */
  readonly login: { readonly kind: 'creds' | 'nkey'; readonly variable: string; readonly file: string } | undefined;
}

const FORM =
  'nats://<user>:<password>@<host>:<port>, or tls:// for TLS; several servers of a cluster with commas between them';

/**
 * Undefined when nothing is to be published. The text may hold a password, so no error repeats it.
 * @throws SettingsError
 */
export function readNats(variables: Variables): NatsSettings | undefined {
  const servers = listOf(variables.text('NATS_URL'));
  const categories = listOf(variables.text('NATS_CATEGORIES'));
  const login = readLogin(variables);
  if (servers.length === 0) {
    const lonely = categories.length > 0 ? 'NATS_CATEGORIES' : login?.variable;
    if (lonely === undefined) return undefined;
    throw new SettingsError(lonely, 'is set, and NATS_URL is not; set it to the URL of the broker.');
  }
  if (!servers.every(isServer)) throw new SettingsError('NATS_URL', `must be ${FORM}.`);
  const odd = categories.find((each) => !isCategory(each));
  if (odd !== undefined) {
    throw new SettingsError(
      'NATS_CATEGORIES',
      `has ${JSON.stringify(odd)}, which can be no category; set it to names such as order,product.`,
    );
  }
  if (login && servers.some((url) => new URL(url).username !== '')) {
    throw new SettingsError(login.variable, 'is set, and NATS_URL has a user; keep one of them.');
  }
  return { servers, categories: categories.length === 0 ? undefined : categories, login };
}

function readLogin(variables: Variables): NatsSettings['login'] {
  const creds = variables.text('NATS_CREDENTIALS_FILE');
  const nkey = variables.text('NATS_NKEY_FILE');
  if (creds !== undefined && nkey !== undefined) {
    throw new SettingsError('NATS_NKEY_FILE', 'is set, and NATS_CREDENTIALS_FILE, too; keep one of them.');
  }
  if (creds !== undefined) return { kind: 'creds', variable: 'NATS_CREDENTIALS_FILE', file: creds };
  return nkey === undefined ? undefined : { kind: 'nkey', variable: 'NATS_NKEY_FILE', file: nkey };
}

function listOf(text = ''): string[] {
  return text.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]));
}

function isServer(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'nats:' && url.protocol !== 'tls:') || url.hostname === '') return false;
  return /^\/?$/.test(url.pathname) && url.search === '' && url.hash === '' && !/%(?![\dA-F]{2})/i.test(text);
}
