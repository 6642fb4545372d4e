import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { killLeftovers } from '../../packages/core/test/support/app-process.js';
import { builtApp } from '../support/built-app.js';
import { capturedLog } from '../support/captured-log.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectRefused, run, runProcess, startProcess } from './leftfold.js';
import { WritingPeople } from './writing-people.js';

const FILES = ['events.sqlite', 'views.sqlite'];

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  await builtApp();
});

afterEach(async () => {
  await killLeftovers();
  await database.drop();
});

beforeEach(async () => {
  database = await createTestDatabase('sqlite');
  folder = join(database.folder, 'backups', 'monday');
});

/** Runs in separate processes where files are copied: the copying program is part of the build. */
describe('a backup of SQLite files', () => {
  it('is made while the app writes; another app verifies it and serves from it', async () => {
    const app = await TestApp.start(database, { LEASE_TTL: '1s', LOG_LEVEL: 'error' });
    const writing = await WritingPeople.of(app);
    writing.start();
    await eventually(() => expect(writing.written).toBeGreaterThan(20));
    const least = await headOf(database.url);

    const { code, stdout } = await runProcess(database, `backup ${folder}`);

    const most = await headOf(database.url);
    const writtenBefore = writing.written;
    await eventually(() => expect(writing.written).toBeGreaterThan(writtenBefore));
    await writing.stop();
    await app.close();
    expect(capturedLog.lines).toEqual([]);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^Copied views\.sqlite \(\d+\.\d KiB\) to .*\/backups\/monday\/views\.sqlite$/),
      expect.stringMatching(/^Copied events\.sqlite \(\d+\.\d KiB\) to .*\/backups\/monday\/events\.sqlite$/),
      '',
    ]);
    expect((await readdir(folder)).toSorted()).toEqual(FILES);
    for (const file of FILES) expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600);

    const copy = {
      url: `sqlite:${join(folder, 'events.sqlite')}`,
      viewsUrl: `sqlite:${join(folder, 'views.sqlite')}`,
    };
    const head = await headOf(copy.url);
    expect(head).toBeGreaterThanOrEqual(least);
    expect(head).toBeLessThanOrEqual(most);
    expect(await runSql(copy.viewsUrl, `select name from leftfold_read_models where position > ${head}`)).toEqual([]);
    expect((await run(copy, 'log verify')).code).toBe(0);

    const restored = await TestApp.start({ ...database, ...copy }, { LOG_LEVEL: 'error' });
    const person = restored.personOf(writing.people[0]!);
    // The copied leases are those of the first app, and must expire.
    await eventually(async () => {
      const seen = await person.get('/users/me', { 'leftfold-min-position': String(head) });
      expect(seen).toMatchObject({ status: 200, body: { userId: person.userId, email: person.email } });
    });
    await restored.close();
    expect(capturedLog.lines).toEqual([]);
  });

  it('replaces nothing', async () => {
    await makeDatabases();
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'events.sqlite'), 'the backup of Sunday');

    expectRefused(
      await run(database, `backup ${folder}`),
      `There is a file ${join(folder, 'events.sqlite')} already, and a backup replaces nothing. Name another folder.`,
    );

    expect(await readdir(folder)).toEqual(['events.sqlite']);
    expect(await readFile(join(folder, 'events.sqlite'), 'utf8')).toBe('the backup of Sunday');
  });

  it('is refused when another one into the same folder ends first, and leaves its files alone', async () => {
    await makeDatabases();
    // Makes both copies wait after they have found the folder empty.
    const writer = new Sqlite(join(database.folder, 'events.sqlite')).exec('begin exclusive');
    const both = [await startProcess(database, `backup ${folder}`), await startProcess(database, `backup ${folder}`)];
    await eventually(async () =>
      expect((await readdir(folder)).filter((file) => /^\.events\..*\.part$/.test(file))).toHaveLength(2),
    );

    writer.close();

    const ends = await Promise.all(both.map(async (copying) => ({ ...(await copying.exited), err: copying.stderr })));
    const [made, refused] = ends.toSorted((one, other) => Number(one.code) - Number(other.code));
    expect([made!.code, refused!.code]).toEqual([0, 1]);
    expect(refused!.err).toMatch(
      /^There is a file \S+ already, and a backup replaces nothing\. Name another folder\.$/m,
    );
    expect((await readdir(folder)).toSorted()).toEqual(FILES);
  });

  it('leaves no files when the second source is damaged', async () => {
    await makeDatabases();
    await writeFile(join(database.folder, 'events.sqlite'), 'only a note, and no database\n'.repeat(200));

    const { code, stdout, stderr } = await runProcess(database, `backup ${folder}`);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    // The progress of the first file may be printed before it.
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^\S+events\.sqlite could not be copied, and nothing was left behind: file is not a database\.$/,
    );
    expect(await readdir(join(database.folder, 'backups'))).toEqual([]);
  });

  it('leaves no files after Ctrl-C', async () => {
    await makeDatabases();
    // Makes the copy wait.
    const writer = new Sqlite(join(database.folder, 'events.sqlite')).exec('begin exclusive');
    const copying = await startProcess(database, `backup ${folder}`);
    await eventually(async () =>
      expect(await readdir(folder)).toContainEqual(expect.stringMatching(/^\.events\..*\.part$/)),
    );

    process.kill(copying.pid, 'SIGINT');

    expect(await copying.exited).toEqual({ code: 130, signal: null });
    writer.close();
    expect(copying.stdout).toBe('');
    expect(await readdir(join(database.folder, 'backups'))).toEqual([]);
  });

  it('contains only the log when there are no read models', async () => {
    new Sqlite(join(database.folder, 'events.sqlite')).exec('create table leftfold_event_log (log_id text)').close();

    const { code, stdout } = await runProcess(database, `backup ${folder} --json`);

    expect(code).toBe(0);
    const files = [{ path: join(folder, 'events.sqlite'), bytes: expect.any(Number) as number }];
    expect(JSON.parse(stdout)).toEqual({ folder, files, commands: [] });
    expect(await readdir(folder)).toEqual(['events.sqlite']);
  });

  async function makeDatabases(): Promise<void> {
    for (const file of FILES) new Sqlite(join(database.folder, file)).exec('create table t (c text)').close();
  }
});

it('copies nothing of PostgreSQL, and prints the commands without the password, the read models first', async () => {
  const log = 'postgres://ann:s3cret@db.example.com:5433/log';

  const { code, stdout, stderr } = await run({ url: log, viewsUrl: `${log}-views` }, `backup ${folder}`);

  expect(code).toBe(0);
  expect(stderr).toMatch(/^For PostgreSQL nothing was copied\. Run the printed commands, .*\.\n$/);
  const command = (file: string, name: string) =>
    `pg_dump --format=custom --file=${join(folder, file)} --host=db.example.com --port=5433 --username=ann --dbname=${name}\n`;
  expect(stdout).toBe(command('views.dump', 'log-views') + command('events.dump', 'log'));
  expect(await readdir(folder)).toEqual([]);
});

async function headOf(url: string): Promise<number> {
  return Number((await runSql(url, 'select max(position) as head from leftfold_events'))[0]!.head);
}
