import { jest } from '@jest/globals';
import { access, writeFile } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './databases.js';
import { runSql } from './stored-rows.js';

class MakeNotes1750000000001 implements MigrationInterface {
  readonly name = 'MakeNotes1750000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table made_notes (body text)');
  }

  async down(): Promise<void> {}
}

class MakeSums1750000000002 implements MigrationInterface {
  readonly name = 'MakeSums1750000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table made_sums (total integer)');
  }

  async down(): Promise<void> {}
}

describe.each(DATABASE_KINDS)('a test database on %s', (kind) => {
  const created: TestDatabase[] = [];
  const create = async (options?: { separateViews: boolean }): Promise<TestDatabase> => {
    const database = await createTestDatabase(kind, options);
    created.push(database);
    // SQLite creates a file when an application opens it.
    if (kind === 'sqlite') for (const url of [database.url, database.viewsUrl]) await writeFile(fileOf(url), '');
    return database;
  };

  afterEach(() => Promise.all(created.splice(0).map((database) => database.drop())));

  it('shares nothing with another one', async () => {
    const [one, other] = await Promise.all([create(), create()]);

    for (const { url } of [one, other]) await runSql(url, 'create table notes (body text)');
    await runSql(one.url, `insert into notes values ('mine')`);

    expect(await runSql(one.url, 'select body from notes')).toEqual([{ body: 'mine' }]);
    expect(await runSql(other.url, 'select body from notes')).toEqual([]);
    expect(one.folder).not.toBe(other.folder);
  });

  it('keeps the views apart on request, and is gone after drop, even while a connection is open', async () => {
    const database = await create({ separateViews: true });
    await runSql(database.url, 'create table notes (body text)');
    await expect(runSql(database.viewsUrl, 'select body from notes')).rejects.toMatchObject(saying(/notes/));
    const close = await holdOpen(database.url);

    await database.drop();

    for (const url of [database.url, database.viewsUrl]) {
      await expect(runSql(url, 'select 1')).rejects.toMatchObject(saying(/does not exist/));
    }
    await expect(access(database.folder)).rejects.toThrow('ENOENT');
    await close();
  });
});

it.each([
  [
    'both in one database',
    false,
    [
      ['made_notes', 'made_sums'],
      ['made_notes', 'made_sums'],
    ],
  ],
  ['separate databases', true, [['made_notes'], ['made_sums']]],
])(
  'a copy of a template has the tables of its migrations, and no rows of another copy: %s',
  async (_, separateViews, tables) => {
    const name = `sample${Number(separateViews)}`;
    const migrations = jest.fn(async () => ({ events: [MakeNotes1750000000001], views: [MakeSums1750000000002] }));
    const options = { separateViews, template: { name, migrations } };
    const copies = await Promise.all([
      createTestDatabase('postgres', options),
      createTestDatabase('postgres', options),
    ]);

    for (const { url } of copies) await runSql(url, `insert into made_notes values ('mine')`);
    for (const { url, viewsUrl } of copies) {
      expect(await Promise.all([url, viewsUrl].map(madeIn))).toEqual(tables);
      expect(await runSql(url, 'select body from made_notes')).toEqual([{ body: 'mine' }]);
    }
    expect(migrations).toHaveBeenCalledTimes(separateViews ? 2 : 1);

    for (const copy of copies) await copy.drop();
  },
);

it('refuses a wrong password, and has the views beside the events by default', async () => {
  const database = await createTestDatabase('postgres');
  const url = new URL(database.url);
  url.password = 'wrong';

  await expect(runSql(url.href, 'select 1')).rejects.toMatchObject(saying(/password authentication failed/));
  expect(database.viewsUrl).toBe(database.url);

  await database.drop();
});

/**
 * Not `toThrow`: better-sqlite3 keeps the error class of the first test file that a worker loaded, and for Jest an
 * instance of another file's class is no error.
 */
function saying(text: RegExp): { message: unknown } {
  return { message: expect.stringMatching(text) };
}

async function madeIn(url: string): Promise<unknown[]> {
  const rows = await runSql(url, `select relname from pg_class where relname like 'made\\_%' order by relname`);
  return rows.map(({ relname }) => relname);
}

function fileOf(url: string): string {
  return url.slice('sqlite:'.length);
}

async function holdOpen(url: string): Promise<() => unknown> {
  if (url.startsWith('sqlite:')) {
    const database = new Sqlite(fileOf(url));
    return () => database.close();
  }
  const client = new Client({ connectionString: url });
  // DROP ... WITH (FORCE) ends this session; pg reports that as an 'error' event.
  client.on('error', () => undefined);
  await client.connect();
  // The server has ended it already when the test dropped the database.
  return () => client.end().catch(() => undefined);
}
