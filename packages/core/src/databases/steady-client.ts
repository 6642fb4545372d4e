import type pg from 'pg';
import { SetupError } from '../errors.js';

type Connected = (error: Error | null) => void;

/** Values come as texts that hold them exactly and that the driver can read, whatever the database or the role prefers. */
const EXACT_TEXTS = `set extra_float_digits = 1; set datestyle = 'ISO'`;

/** What a connection is given before anybody uses it. */
export interface SessionSetup {
  /** Such as `default_transaction_read_only = on`. */
  readonly settings: readonly string[];
  /** Puts true names in place of those in the text of a statement. */
  readonly inPlace?: (sql: string) => string;
}

/**
 * The class of connections that have settings of the kernel before anybody uses them. They are set by a statement and not when the
 * connection is asked for: then they count whatever `?options=` or another parameter of the URL says. The driver is loaded here,
 * because an application on SQLite need not install it.
 *
 * A connection of a pool may break at any moment. The server may end one so soon that nobody listens to it yet, and
 * pg reports a broken one more than once. An error event without a listener ends the process, so there is one. The statement
 * that fails tells its caller.
 * @throws SetupError when the driver is not installed
 */
export async function steadyClientWith({ settings, inPlace }: SessionSetup): Promise<typeof pg.Client> {
  const { Client } = await loadDriver();
  const setUp = [...settings.map((each) => `set ${each}`), EXACT_TEXTS].join('; ');
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
        else this.query(setUp, (refused: Error | null) => this.ready(refused, callback));
      });
    }

    /** A pool that is told of an error gives the connection up, and does not close it. */
    private ready(refused: Error | null, callback: Connected): void {
      if (refused) this.end(() => callback(refused));
      else callback(null);
    }
  };
}

/** A statement is a text, or an object that has one. */
function rewriteStatements(client: pg.Client, inPlace: (sql: string) => string): void {
  type Query = (statement: string | { readonly text: string }, ...more: unknown[]) => unknown;
  const query = client.query.bind(client) as Query;
  const rewritten: Query = (statement, ...more) => {
    if (typeof statement === 'string') return query(inPlace(statement), ...more);
    // A cursor sends its statement by itself.
    if (typeof statement.text === 'string') (statement as { text: string }).text = inPlace(statement.text);
    return query(statement, ...more);
  };
  client.query = rewritten as typeof client.query;
}

async function loadDriver(): Promise<typeof pg> {
  try {
    return (await import('pg')).default;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new SetupError('PostgreSQL needs the package "pg", which is not installed. Run npm install pg.');
  }
}
