import { SetupError } from '@leftfold/core';
import type { Authenticator } from '@nats-io/transport-node';
import { loadClient } from './load-client.js';

/**
 * How this client proves who it is, when not by a user in the URL. `read` is called for every connection, so a text that
 * was renewed is used without a restart.
 */
export interface NatsLogin {
  /**
   * `creds`: the text of a `.creds` file, with the JWT of a user and the seed of its NKey. `nkey`: the seed of an NKey alone,
   * which the server knows by its public key.
   */
  readonly kind: 'creds' | 'nkey';
  readonly read: () => string;
}

/** A seed of a user, in base32. */
const SEED = /\bSU[A-Z2-7]{56}\b/;

const WRONG: Readonly<Record<NatsLogin['kind'], string>> = {
  creds: 'The credentials for NATS need the JWT and the seed of a user, as "nsc generate creds" writes them.',
  nkey: 'The NKey for NATS needs the seed of a user, as "nk -gen user" writes it: it begins with SU.',
};

/**
 * Reads the text and checks that it can log in a user. Whether a server knows the user is not known then.
 * @throws SetupError that does not repeat the text; what `read` throws
 */
export async function checkNatsLogin(login: NatsLogin): Promise<void> {
  await authenticatorOf(login);
}

/**
 * The text as it is now, in the form of the client.
 * @throws SetupError that does not repeat the text; what `read` throws
 */
export async function authenticatorOf({ kind, read }: NatsLogin): Promise<Authenticator> {
  const text = read();
  const { credsAuthenticator, nkeyAuthenticator } = await loadClient();
  const authenticator = kind === 'creds' ? credsAuthenticator(inLines(text)) : nkeyAuthenticator(seedOf(text));
  if (!canSign(authenticator)) throw new SetupError(WRONG[kind]);
  return authenticator;
}

/** As the client reads them: line feeds only, and one at the end. */
function inLines(text: string): Uint8Array {
  return Buffer.from(`${text.replaceAll('\r\n', '\n').trim()}\n`);
}

/** The file may have lines around it that say what it is. */
function seedOf(text: string): Uint8Array {
  return Buffer.from(SEED.exec(text)?.[0] ?? '');
}

/** Signs like for a server. The errors of the client say less than ours, so they are left out. */
function canSign(authenticator: Authenticator): boolean {
  try {
    const { nkey, sig } = authenticator('nonce') as { nkey?: string; sig?: string };
    return Boolean(nkey?.startsWith('U') && sig);
  } catch {
    return false;
  }
}
