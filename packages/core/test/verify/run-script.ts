import Sqlite from 'better-sqlite3';
import { connectionsTo } from '../support/side-connections.js';

/** Runs statements without the kernel. */
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
  await connectionsTo(url).query(script);
}

/** An `insert`, with the values as literals. */
export function insert(table: string, row: Readonly<Record<string, string | number | null>>): string {
  const values = Object.values(row).map((value) => (typeof value === 'string' ? `'${value}'` : String(value)));
  return `insert into ${table} (${Object.keys(row).join(', ')}) values (${values.join(', ')})`;
}
