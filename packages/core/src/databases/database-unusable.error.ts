import { QueryFailedError } from 'typeorm';
import { SharedSessionsError } from './refuse-shared-sessions.js';

/** A database can't be used as it is configured. `database` says which one; the message ends with what to do. */
export class DatabaseUnusableError extends Error {
  /** The option of `EventSourcingModule.forRoot` that helps, where the message names one. */
  readonly option: 'tablePrefix' | 'schema' | undefined;

  constructor(
    readonly database: 'events' | 'views',
    message: string,
    options: ErrorOptions & { readonly option?: 'tablePrefix' | 'schema' } = {},
  ) {
    super(message, options);
    this.option = options.option;
    this.name = 'DatabaseUnusableError';
  }

  /** @internal @param migration name of the one that has failed, if one has */
  static fromOpening(
    database: 'events' | 'views',
    where: string,
    cause: unknown,
    migration?: string,
  ): DatabaseUnusableError {
    if (cause instanceof DatabaseUnusableError) return cause;
    const step = migration === undefined ? '' : `the migration ${migration} failed: `;
    return new DatabaseUnusableError(
      database,
      `${where} can't be opened: ${step}${explain(cause, migration !== undefined)}`,
      { cause },
    );
  }
}

/** There is no event log where one must exist. */
export class NoEventLogError extends DatabaseUnusableError {
  constructor(readonly where: string) {
    super('events', `There is no event log at ${where}.`);
    this.name = 'NoEventLogError';
  }
}

const POOLER =
  'the connection goes through a pooler such as PgBouncer, and Leftfold needs sessions of its own. ' +
  'Name the server itself in the URL, or set the pooler to session mode (pool_mode = session).';

/**
 * One sentence for an error of a database that is none of the program's: a damaged file, a full disk, a missing right. It says what
 * to do.
 * @returns undefined for any other error
 */
export function explainDatabaseFailure(error: unknown): string | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  const { code } = (cause ?? {}) as { code?: unknown };
  // Codes of the system may come from any file.
  if (typeof code !== 'string' || !/^(SQLITE_|\d)/.test(code)) return undefined;
  const known = explainKnown(cause);
  return known && `The database can't be used: ${known}`;
}

function explain(cause: unknown, isMigration: boolean): string {
  const { message = String(cause) } = cause as { message?: string };
  return explainKnown(cause) ?? `${message.replace(/\.?$/, '.')} ${adviceOn(message, isMigration)}`;
}

function explainKnown(cause: unknown): string | undefined {
  const { code = '', message = String(cause) } = cause as { code?: string; message?: string };
  if (cause instanceof SharedSessionsError || /unsupported startup parameter/.test(message)) return POOLER;
  // SQLite appends details to the code, as in SQLITE_READONLY_DIRECTORY.
  switch (/^SQLITE_[A-Z]+/.exec(code)?.[0] ?? code) {
    case '28P01':
    case '28000':
      return 'the server refuses this user or password. Correct them in the URL.';
    case '3D000':
      return 'there is no database of this name on the server. Create it, or correct the name in the URL.';
    case '42501':
      return (
        `this user lacks a right there (${message}). Let the owner of the database grant it, ` +
        `as in: grant create, usage on schema public to <user>; or name the user in the URL that made the tables.`
      );
    case '53300':
      return 'the server has no connection left. Raise its max_connections, or end what uses them.';
    case '40P01':
      return 'it and the running nodes waited for one another, so the server ended it (deadlock). Try again when they have less to do.';
    case '55P03':
      return 'another transaction has a table locked for too long. Wait until it ends, such as a backup or a long query, and try again.';
    case '57P01':
    case '57P03':
      return 'the server starts or shuts down at the moment. Try again when it is up.';
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'ETIMEDOUT':
      return `no server answers there (${code}). Start it, or correct host and port in the URL.`;
    case 'EACCES':
    case 'EPERM':
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EROFS':
    case 'SQLITE_CANTOPEN':
    case 'SQLITE_READONLY':
    case 'SQLITE_PERM':
      return (
        `the folder or file can't be written (${code}). Choose another path, or change its permissions: ` +
        `SQLite writes the file, and two more beside it.`
      );
    case 'SQLITE_NOTADB':
      return 'the file is no SQLite database. Choose another path.';
    case 'SQLITE_CORRUPT':
      return `the file is damaged (${message}). Restore it from a backup.`;
    case 'SQLITE_BUSY':
      return 'another program has the file locked. End that first.';
    case 'SQLITE_FULL':
    case '53100':
      return 'the disk is full. Make room first.';
    case 'SQLITE_IOERR':
      return `the disk can't be read or written (${code}). Check it, and verify the log afterwards.`;
    default:
      if (message.startsWith('timeout e'))
        return 'the server does not answer in time. Correct host and port, or see to it.';
      // TypeORM says so of a connection that broke between two statements.
      if (message.startsWith('Query runner already released'))
        return 'the connection was lost. Try again when the server answers.';
      return undefined;
  }
}

function adviceOn(message: string, isMigration: boolean): string {
  if (isMigration && message.endsWith(' already exists')) {
    return (
      'If it belongs to a log with another table prefix, name that prefix, or none. If it belongs to another application, give each a ' +
      'database of its own. Otherwise correct that migration, and start again.'
    );
  }
  if (isMigration) return 'Correct that migration, and start again.';
  // TypeORM says so before it runs one.
  if (/^Duplicate migrations|migration name is wrong/.test(message)) {
    return 'Give each migration a name of its own that ends in a time in ms, as CreateOrders1790000000000.';
  }
  return "Check the URL, and the server's own log.";
}
