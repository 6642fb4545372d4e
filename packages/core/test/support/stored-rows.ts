import Sqlite from 'better-sqlite3';
import type { TestDatabase } from './databases.js';
import { connectionsTo } from './side-connections.js';

export type Row = Record<string, unknown>;

/** Runs SQL beside the app, on a connection of the tests. */
export async function runSql(url: string, sql: string): Promise<Row[]> {
  if (url.startsWith('sqlite:')) {
    const database = new Sqlite(url.slice('sqlite:'.length), { fileMustExist: true, timeout: 5_000 });
    try {
      const statement = database.prepare(sql);
      return statement.reader ? (statement.all() as Row[]) : (statement.run(), []);
    } finally {
      database.close();
    }
  }
  return (await connectionsTo(url).query<Row>(sql)).rows;
}

/** Ids of the users that have a password hash, in order. */
export async function usersWithHash(url: string): Promise<string[]> {
  return (await runSql(url, 'select user_id from credentials')).map((row) => String(row.user_id)).toSorted();
}

/** Every row of every table of both databases, by the table's name. */
export async function allRows({ url, viewsUrl }: TestDatabase): Promise<Map<string, Row[]>> {
  const rows = new Map<string, Row[]>();
  for (const [name, each] of Object.entries({ events: url, views: viewsUrl })) {
    for (const table of await tablesOf(each)) {
      rows.set(`${name}.${table}`, await runSql(each, `select * from "${table}"`));
    }
  }
  return rows;
}

async function tablesOf(url: string): Promise<string[]> {
  const sql = url.startsWith('sqlite:')
    ? `select name from sqlite_master where type = 'table'`
    : `select table_name as name from information_schema.tables where table_schema = 'public'`;
  return (await runSql(url, sql)).map(({ name }) => String(name));
}

/** Moves the counted attempts this many ms into the past. */
export async function makeAttemptsOlder(url: string, ms: number): Promise<void> {
  for (const { counter, attempts } of await runSql(url, 'select counter, attempts from attempt_counts')) {
    const older = (JSON.parse(String(attempts)) as [number, string][]).map(([at, id]) => [at - ms, id]);
    const text = JSON.stringify(older);
    await runSql(url, `update attempt_counts set attempts = '${text}' where counter = '${String(counter)}'`);
  }
}

/** Copies all rows of a table, of texts and numbers, into that of another database. */
export async function copyRows(table: string, from: string, to: string): Promise<void> {
  for (const row of await runSql(from, `select * from ${table}`)) {
    const values = Object.values(row as Record<string, string | number | null>).map((each) =>
      each === null ? 'null' : `'${String(each).replaceAll("'", "''")}'`,
    );
    await runSql(to, `insert into ${table} (${Object.keys(row).join(', ')}) values (${values.join(', ')})`);
  }
}
