import { type DatabaseTarget, serverUrlOf } from '../../databases/database-url.js';

/**
 * The command that dumps a PostgreSQL database into a file. It never contains the password: `pg_dump` asks for it, or
 * reads PGPASSWORD or `~/.pgpass`.
 */
export function dumpCommand(url: string, file: string): string {
  const { host, port, user, database, sslmode } = connectionOf(url);
  const options = [
    ['format', 'custom'],
    ['file', file],
    ['host', host],
    ['port', port],
    ['username', user],
    ['dbname', database],
  ].flatMap(([name, value]) => (value ? [`--${name}=${quoted(value)}`] : []));
  return [...(sslmode ? [`PGSSLMODE=${quoted(sslmode)}`] : []), 'pg_dump', ...options].join(' ');
}

/** Whether both are the same database of one server. */
export function isSameDatabase(one: DatabaseTarget, other: DatabaseTarget): boolean {
  const [oneUrl, otherUrl] = [serverUrlOf(one), serverUrlOf(other)];
  if (oneUrl === undefined || otherUrl === undefined) return false;
  const [here, there] = [connectionOf(oneUrl), connectionOf(otherUrl)];
  return here.host === there.host && here.port === there.port && here.database === there.database;
}

function connectionOf(text: string) {
  const url = new URL(text);
  const of = (part: string, parameter: string): string =>
    url.searchParams.get(parameter) ?? decodeURIComponent(part.replace(/^\[(.*)\]$/, '$1'));
  return {
    host: of(url.hostname, 'host'),
    port: of(url.port, 'port') || '5432',
    user: of(url.username, 'user'),
    database: of(url.pathname.slice(1), 'dbname'),
    sslmode: url.searchParams.get('sslmode'),
  };
}

/** Quotes a word for a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
