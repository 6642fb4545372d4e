/** A database can't be used as it is configured. `database` says which; the message ends with what to do. */
export class DatabaseUnusableError extends Error {
  constructor(
    readonly database: 'events' | 'views',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'DatabaseUnusableError';
  }

  /** @internal */
  static fromOpening(database: 'events' | 'views', where: string, cause: unknown): DatabaseUnusableError {
    if (cause instanceof DatabaseUnusableError) return cause;
    const { code = '', message = String(cause) } = cause as { code?: string; message?: string };
    return new DatabaseUnusableError(database, `${where} can't be opened: ${explain(code, message)}`, { cause });
  }
}

/** There is a database at most, and no event log in it, where one must be. */
export class NoEventLogError extends DatabaseUnusableError {
  constructor(readonly where: string) {
    super('events', `There is no event log at ${where}.`);
    this.name = 'NoEventLogError';
  }
}

function explain(code: string, message: string): string {
  switch (code) {
    case '28P01':
    case '28000':
      return 'the server refuses this user or password. Correct them in the URL.';
    case '3D000':
      return 'there is no database of this name on the server. Create it, or correct the name in the URL.';
    case 'ECONNREFUSED':
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
      return `the folder or file can't be written (${code}). Choose another path, or change its permissions.`;
    case 'SQLITE_NOTADB':
      return 'the file is no SQLite database. Choose another path.';
    default:
      return `${message} Check the URL, and the server's own log.`;
  }
}
