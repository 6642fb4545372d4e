import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { expectRefused, run } from './leftfold.js';

const NO_LOG = /^There is no event log at \S+\. Start the application once, or set DATABASE_URL\.$/;
let database: TestDatabase;

afterEach(async () => {
  await database?.drop();
});

// One command of each feature: they open the application in the same way.
it.each([
  ['sqlite', 'log tail --follow'],
  ['sqlite', 'subscriptions rebuild users.user-view'],
  ['sqlite', 'users grant-role ann@example.com operator'],
  ['postgres', 'log tail'],
] as const)('without a log, on %s, "%s" refuses, and creates none', async (kind, line) => {
  database = await createTestDatabase(kind);

  expectRefused(await run(database, line), NO_LOG);

  await expectNothingIn(database);
});

it('creates no folder for a missing file, and neither does a backup', async () => {
  database = await createTestDatabase('sqlite');
  const url = `sqlite:${join(database.folder, 'wrong', 'events.sqlite')}`;

  expectRefused(await run({ url, viewsUrl: '' }, 'log tail'), NO_LOG);
  expectRefused(await run({ url, viewsUrl: '' }, `backup ${join(database.folder, 'copy')}`), NO_LOG);

  expect(await readdir(database.folder)).toEqual([]);
});

it('refuses a SQLite file with other content, and leaves it unchanged', async () => {
  database = await createTestDatabase('sqlite');
  const file = join(database.folder, 'events.sqlite');
  const other = new Sqlite(file);
  other.exec('create table recipes (title text)');
  other.close();

  expectRefused(await run(database, 'log tail'), NO_LOG);

  expect(await runSql(database.url, 'select name from sqlite_master')).toEqual([{ name: 'recipes' }]);
  expect(await runSql(database.url, 'pragma journal_mode')).toEqual([{ journal_mode: 'delete' }]);
});

describe('a wrong environment is explained in one sentence', () => {
  it.each([
    ['LEASE_TTL', { LEASE_TTL: 'soon' }, /^LEASE_TTL is "soon"; set it to a duration .*\.$/],
    ['DATABASE_URL', { DATABASE_URL: 'mysql://root:s3cret-word@db/x' }, /^DATABASE_URL must be sqlite:<path> or .*\.$/],
    ['JWT_SECRET', { NODE_ENV: 'production' }, /^JWT_SECRET is missing in production; .*\.$/],
    [
      'the key that signs checkpoints',
      { PROOFS: 'on', PROOF_KEY_FILE: '/nowhere/proof.key' },
      /^PROOF_KEY is not set, and there is no file \S+\. Set it, or PROOF_KEY_FILE, as for the application\.$/,
    ],
    [
      'a server',
      { DATABASE_URL: 'postgres://x:s3cret-word@127.0.0.1:1/x' },
      /^DATABASE_URL: .*no server answers there.*\.$/,
    ],
  ])('%s', async (_name, env, sentence) => {
    database = await createTestDatabase('sqlite');

    const refused = await run(database, 'log tail', env);

    expectRefused(refused, sentence);
    expect(refused.stderr).not.toContain('s3cret-word');
  });

  it('also without opening the application, for a backup', async () => {
    database = await createTestDatabase('sqlite');

    const refused = await run(database, 'backup copy', { LEASE_TTL: 'soon' });

    expectRefused(refused, /^LEASE_TTL is "soon"/);
  });

  it('a file that is no database', async () => {
    database = await createTestDatabase('sqlite');
    await writeFile(
      join(database.folder, 'events.sqlite'),
      'only a note that is long enough to be looked at\n'.repeat(99),
    );

    expectRefused(await run(database, 'log tail'), /^DATABASE_URL: .*the file is no SQLite database\..*/);
  });
});

async function expectNothingIn({ kind, url, folder }: TestDatabase): Promise<void> {
  if (kind === 'sqlite') expect(await readdir(folder)).toEqual([]);
  else expect(await runSql(url, `select 1 from information_schema.tables where table_schema = 'public'`)).toEqual([]);
}
