import { access } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './databases.js';

describe.each(DATABASE_KINDS)('a test database on %s', (kind) => {
  const created: TestDatabase[] = [];
  const create = async (options?: { separateViews: boolean }): Promise<TestDatabase> => {
    const database = await createTestDatabase(kind, options);
    created.push(database);
    return database;
  };

  afterEach(() => Promise.all(created.splice(0).map((database) => database.drop())));

  it('shares nothing with another one', async () => {
    const [one, other] = await Promise.all([create(), create()]);

    await run(one.url, `CREATE TABLE notes (body text)`, `INSERT INTO notes VALUES ('mine')`);
    await run(other.url, `CREATE TABLE notes (body text)`);

    expect(await run(one.url, 'SELECT body FROM notes')).toEqual([{ body: 'mine' }]);
    expect(await run(other.url, 'SELECT body FROM notes')).toEqual([]);
    expect(one.folder).not.toBe(other.folder);
  });

  it('is gone after drop, folder and all, even while a connection is open', async () => {
    const database = await create({ separateViews: true });
    await run(database.viewsUrl, 'CREATE TABLE notes (body text)');
    const close = await holdOpen(database.url);

    await database.drop();

    await expect(run(database.url, 'SELECT 1')).rejects.toMatchObject(saying(/does not exist/));
    await expect(run(database.viewsUrl, 'SELECT 1')).rejects.toMatchObject(saying(/does not exist/));
    await expect(access(database.folder)).rejects.toThrow('ENOENT');
    await close();
  });

  it('keeps the views apart when asked to', async () => {
    const database = await create({ separateViews: true });

    await run(database.url, 'CREATE TABLE notes (body text)');

    await expect(run(database.viewsUrl, 'SELECT body FROM notes')).rejects.toMatchObject(saying(/notes/));
  });
});

it('puts the views into the same PostgreSQL database unless asked otherwise', async () => {
  const database = await createTestDatabase('postgres');

  expect(database.viewsUrl).toBe(database.url);

  await database.drop();
});

it('lets nobody in with a wrong password', async () => {
  const database = await createTestDatabase('postgres');
  const url = new URL(database.url);
  url.password = 'wrong';

  await expect(run(url.href, 'SELECT 1')).rejects.toMatchObject(saying(/password authentication failed/));

  await database.drop();
});

/**
 * Not `toThrow`: better-sqlite3 keeps the error class of the first test file that a worker loaded, and to Jest an
 * instance of another file's class is no error.
 */
function saying(text: RegExp): { message: unknown } {
  return { message: expect.stringMatching(text) };
}

async function run(url: string, ...statements: string[]): Promise<unknown[]> {
  return url.startsWith('sqlite:') ? runOnSqlite(url, statements) : runOnPostgres(url, statements);
}

function runOnSqlite(url: string, statements: string[]): unknown[] {
  const database = new Sqlite(url.slice('sqlite:'.length));
  try {
    return statements.flatMap((text) => {
      const statement = database.prepare(text);
      return statement.reader ? statement.all() : (statement.run(), []);
    });
  } finally {
    database.close();
  }
}

async function runOnPostgres(url: string, statements: string[]): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const rows: unknown[] = [];
    for (const text of statements) rows.push(...(await client.query(text)).rows);
    return rows;
  } finally {
    await client.end();
  }
}

async function holdOpen(url: string): Promise<() => Promise<void>> {
  if (url.startsWith('sqlite:')) {
    const database = new Sqlite(url.slice('sqlite:'.length));
    return async () => void database.close();
  }
  const client = new Client({ connectionString: url });
  // DROP ... WITH (FORCE) ends this session; pg reports that as an 'error' event.
  client.on('error', () => undefined);
  await client.connect();
  return () => client.end().catch(() => undefined);
}
