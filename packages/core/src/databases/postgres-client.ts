import type pg from 'pg';
import { SetupError } from '../errors.js';

type Connected = (error: Error | null) => void;

/**
 * Session settings under which values arrive as exact texts that the driver can parse, whatever the defaults of the
 * database or role are.
 */
const EXACT_TEXTS = `set extra_float_digits = 1; set datestyle = 'ISO'`;

/** Setup of a new connection before its first use. */
export interface SessionSetup {
  /** Such as `default_transaction_read_only = on`. */
  readonly settings: readonly string[];
  /** Replaces marked names in a statement by real ones. */
  readonly inPlace?: (sql: string) => string;
  /** Checks the server after the settings; the connection is closed when it rejects. */
  readonly check?: (client: pg.Client) => Promise<void>;
}

/**
 * A connection class that applies the kernel's session settings before first use. It sets them with a statement instead
 * of connection parameters, so that `?options=` or other URL parameters can't override them. The driver is loaded here,
 * because an application on SQLite need not install it.
 *
 * A pooled connection may break at any moment. The server may end it before a listener is attached, and pg reports a
 * broken one more than once. An error event without a listener ends the process, so one is attached. The failing
 * statement reports the error to its caller.
 * @throws SetupError when the driver is not installed
 */
export async function postgresClientWith({ settings, inPlace, check }: SessionSetup): Promise<typeof pg.Client> {
  const { Client } = await loadDriver();
  const setUp = setUpOf(settings);
  return class extends Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      this.on('error', () => undefined);
      if (inPlace) rewriteStatements(this, inPlace);
    }

    override connect(): Promise<pg.Client>;
    override connect(callback: Connected): void;
    override connect(callback?: Connected): Promise<pg.Client> | void {
      if (!callback) {
        return new Promise((resolve, reject) => {
          this.connect((error) => (error ? reject(error) : resolve(this)));
        });
      }
      super.connect((error: Error | null) => {
        if (error) callback(error);
        else runSetUp(this, setUp, check, callback);
      });
    }
  };
}

/**
 * The connection class of a pool whose first connection is open already.
 * @param take returns that connection once
 */
export function startingWith(
  take: () => pg.Client | undefined,
  { settings, inPlace, check }: SessionSetup,
  Client: typeof pg.Client,
): typeof pg.Client {
  const setUp = setUpOf(settings);
  function PooledClient(config?: pg.ClientConfig): pg.Client {
    const open = take();
    if (!open) return new Client(config);
    if (inPlace) rewriteStatements(open, inPlace);
    open.connect = ((callback: Connected) => runSetUp(open, setUp, check, callback)) as typeof open.connect;
    return open;
  }
  return PooledClient as unknown as typeof pg.Client;
}

function setUpOf(settings: readonly string[]): string {
  return [...settings.map((each) => `set ${each}`), EXACT_TEXTS].join('; ');
}

/** Closes a connection whose set-up fails. The pool would drop it without closing it. */
function runSetUp(client: pg.Client, setUp: string, check: SessionSetup['check'], callback: Connected): void {
  client.query(setUp, (refused: Error | null) => {
    if (refused) client.end(() => callback(refused));
    else if (check) void runCheck(client, check, callback);
    else callback(null);
  });
}

async function runCheck(client: pg.Client, check: (client: pg.Client) => Promise<void>, callback: Connected) {
  let failure: Error | null = null;
  try {
    await check(client);
  } catch (error) {
    failure = error as Error;
  }
  if (failure) client.end(() => callback(failure));
  else callback(null);
}

/** A statement is a string, or an object with a `text`. */
function rewriteStatements(client: pg.Client, inPlace: (sql: string) => string): void {
  type Query = (statement: string | { readonly text: string }, ...more: unknown[]) => unknown;
  const query = client.query.bind(client) as Query;
  const rewritten: Query = (statement, ...more) => {
    if (typeof statement === 'string') return query(inPlace(statement), ...more);
    // A cursor sends its statement itself.
    if (typeof statement.text === 'string') (statement as { text: string }).text = inPlace(statement.text);
    return query(statement, ...more);
  };
  client.query = rewritten as typeof client.query;
}

/** @throws SetupError when the driver is not installed */
export async function loadDriver(): Promise<typeof pg> {
  try {
    return (await import('pg')).default;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new SetupError('PostgreSQL needs the package "pg", which is not installed. Run npm install pg.');
  }
}
