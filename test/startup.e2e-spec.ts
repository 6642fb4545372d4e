import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppProcess, killLeftovers } from './support/app-process.js';
import { BUILD_TIMEOUT_MS, builtApp, type BuiltApp } from './support/built-app.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { pretendNewerMigration } from './support/newer-migration.js';

/** Windows has no SIGTERM: there a process can only be killed. */
const POLITE_END = process.platform === 'win32' ? { code: null, signal: 'SIGTERM' } : { code: 0, signal: null };

let app: BuiltApp;
let database: TestDatabase | undefined;

beforeAll(async () => {
  app = await builtApp();
}, BUILD_TIMEOUT_MS);

afterEach(async () => {
  await killLeftovers();
  await database?.drop();
  database = undefined;
});

describe.each(DATABASE_KINDS)('the built app on %s', (kind) => {
  it('starts, is healthy, and ends when asked to', async () => {
    database = await createTestDatabase(kind);
    const server = await AppProcess.start({ script: app.main, env: { DATABASE_URL: database.url } });

    const live = await fetch(`${server.url}/health/live`);
    const ready = await fetch(`${server.url}/health/ready`);
    const exit = await server.stop(10_000);

    expect([live.status, ready.status]).toEqual([200, 200]);
    expect(exit).toEqual(POLITE_END);
    expect(server.errorLines).toEqual([]);
    expectNoSecretIn(server, database.url);
  });

  it('starts again on what it left behind', async () => {
    database = await createTestDatabase(kind, { separateViews: true });
    const env = { DATABASE_URL: database.url, VIEWS_DATABASE_URL: database.viewsUrl };

    await (await AppProcess.start({ script: app.main, env })).stop();
    const server = await AppProcess.start({ script: app.main, env });

    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect(server.errorLines).toEqual([]);
  });

  it('refuses a database that is newer than the code', async () => {
    database = await createTestDatabase(kind);
    const env = { DATABASE_URL: database.url };
    await (await AppProcess.start({ script: app.main, env })).stop();
    await pretendNewerMigration(database.url);

    const refused = await AppProcess.run({ script: app.main, env });

    expectOneSentenceNaming('DATABASE_URL', refused);
  });
});

describe('a misconfiguration ends the start with one sentence that names the variable', () => {
  it('an unknown kind of database', () => refuses('DATABASE_URL', { DATABASE_URL: 'mysql://root:s3cret-word@db/x' }));

  it('a folder that cannot be made', async () => {
    database = await createTestDatabase('sqlite');
    const file = join(database.folder, 'a-file');
    await writeFile(file, 'not a folder');

    await refuses('DATABASE_URL', { DATABASE_URL: `sqlite:${file}/events.sqlite` });
  });

  (process.platform === 'linux' ? it : it.skip)('a folder that nobody may write to', () =>
    refuses('DATABASE_URL', { DATABASE_URL: 'sqlite:/proc/nope/events.sqlite' }),
  );

  it('a file that is no database', async () => {
    database = await createTestDatabase('sqlite');
    const file = join(database.folder, 'notes.txt');
    await writeFile(file, 'no database, only a note that is long enough to be looked at\n'.repeat(40));

    await refuses('DATABASE_URL', { DATABASE_URL: `sqlite:${file}` });
  });

  it('a wrong password', async () => {
    database = await createTestDatabase('postgres');
    const url = new URL(database.url);
    url.password = 's3cret-word';

    await refuses('DATABASE_URL', { DATABASE_URL: url.href });
  });

  it('a port that is no number', () => refuses('PORT', { PORT: 'abc' }));

  it('production without a secret', () => refuses('JWT_SECRET', { NODE_ENV: 'production' }));
});

async function refuses(variable: string, env: Record<string, string>): Promise<void> {
  const refused = await AppProcess.run({ script: app.main, env });

  expectOneSentenceNaming(variable, refused);
  expectNoSecretIn(refused, env.DATABASE_URL ?? '');
}

function expectOneSentenceNaming(variable: string, refused: AppProcess & { code: number | null }): void {
  expect(refused.stderr.trim().split('\n')).toEqual([expect.stringMatching(new RegExp(`\\b${variable}\\b.*\\.$`))]);
  expect(refused.output).not.toMatch(/^\s+at .*[:(]/m);
  expect(refused.code).toBe(1);
}

function expectNoSecretIn({ output }: AppProcess, url: string): void {
  const password = /^\w+:\/\/[^:@/]*:([^@/]+)@/.exec(url)?.[1];
  if (password) expect(output).not.toContain(password);
}
