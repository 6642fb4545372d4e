import Sqlite from 'better-sqlite3';
import { Client } from 'pg';

/** Runs statements on a connection of their own. */
export async function runScript(url: string, statements: readonly string[]): Promise<void> {
  const script = statements.join(';\n');
  if (url.startsWith('sqlite:')) {
    const database = new Sqlite(url.slice('sqlite:'.length), { fileMustExist: true, timeout: 5_000 });
    try {
      database.exec(script);
    } finally {
      database.close();
    }
    return;
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(script);
  } finally {
    await client.end();
  }
}

/** An `insert`, with the values as literals. */
export function insert(table: string, row: Readonly<Record<string, string | number | null>>): string {
  const values = Object.values(row).map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  return `insert into ${table} (${Object.keys(row).join(', ')}) values (${values.join(', ')})`;
}
