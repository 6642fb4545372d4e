import Sqlite from 'better-sqlite3';
import { Client } from 'pg';

const INSERT = `INSERT INTO leftfold_migrations_events ("timestamp", "name") VALUES (9999999999999, 'FromTheFuture9999999999999')`;

/** Makes the event log look as if a later version of the app had migrated it. The app must not be running. */
export async function pretendNewerMigration(url: string): Promise<void> {
  if (url.startsWith('sqlite:')) {
    const database = new Sqlite(url.slice('sqlite:'.length), { fileMustExist: true });
    database.exec(INSERT);
    database.close();
    return;
  }
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(INSERT);
  await client.end();
}
