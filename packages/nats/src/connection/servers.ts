import { SetupError } from '@leftfold/core';

/** Where to connect, in the form of the client. */
export interface Servers {
  /** `<host>:<port>` of each. */
  readonly servers: string[];
  readonly tls: boolean;
  readonly user?: string;
  readonly pass?: string;
  readonly token?: string;
}

const FORM = 'nats://<user>:<password>@<host>:<port>, or tls:// for TLS';
const PORT = 4222;

/**
 * Reads the URLs of the servers of one cluster. No error repeats a URL, because it may hold a password.
 * @throws SetupError
 */
export function parseServers(urls: readonly string[]): Servers {
  const parsed = urls.map((text) => parseServer(text.trim()));
  if (parsed.length === 0) throw new SetupError(`NATS needs at least one server: ${FORM}.`);
  const { username = '', password = '' } = parsed.find((url) => url.username !== '') ?? {};
  return {
    servers: parsed.map(({ hostname, port }) => `${hostname}:${port || PORT}`),
    tls: parsed.some(({ protocol }) => protocol === 'tls:'),
    ...credentials(decode(username), decode(password)),
  };
}

function parseServer(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isServer = url && (url.protocol === 'nats:' || url.protocol === 'tls:') && url.hostname !== '';
  if (!isServer || !/^\/?$/.test(url.pathname) || url.search !== '' || url.hash !== '') {
    throw new SetupError(`A URL of a NATS server must be ${FORM}.`);
  }
  return url;
}

function credentials(user: string, pass: string): Pick<Servers, 'user' | 'pass' | 'token'> {
  if (user === '') return {};
  return pass === '' ? { token: user } : { user, pass };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new SetupError(
      'A URL of a NATS server has a % in its user or password that encodes nothing; write %25 for a percent sign.',
    );
  }
}
