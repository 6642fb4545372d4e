import { join } from 'node:path';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import { BUILD_TIMEOUT_MS, builtApp } from '../support/built-app.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { type Row, runSql } from '../support/stored-rows.js';
import { expectNoHoles } from './support/expect-log.js';
import { expectStoredOnce } from './support/keyed-commands.js';
import { KeyedLoad } from './support/keyed-load.js';
import { readLog } from './support/read-log.js';
import { seedOf } from './support/seed.js';
import { ServedApp } from '../support/served-app.js';

const COPY_DATABASE = join(import.meta.dirname, 'support', 'copy-database.mjs');
const COPIES = 3;
const PEOPLE = 4;
/** What an event needs beside it. */
const TABLES = { event_tags: 'position, tag', commands: 'position, command_id' };

describe('a copy of the SQLite file that is made while it is written', () => {
  let main: string;
  let database: TestDatabase;

  beforeAll(async () => {
    main = (await builtApp()).main;
    database = await createTestDatabase('sqlite');
  }, BUILD_TIMEOUT_MS);

  afterAll(async () => {
    await killLeftovers();
    await database.drop();
  });

  it('is the log up to some moment, whole, and an app goes on from there', async () => {
    const seed = seedOf('copy of a SQLite file');
    const app = await ServedApp.start(main, database);
    const people: Person[] = [];
    while (people.length < PEOPLE) people.push(await app.customer());
    const load = new KeyedLoad(people, seed);
    load.start(app);

    const copies: { file: string; least: number; most: number }[] = [];
    for (let number = 1; number <= COPIES; number++) {
      await load.succeed(seed.between(5, 25));
      const file = join(database.folder, `copy-${number}.sqlite`);
      const least = lastAcknowledged(load);
      const copying = await AppProcess.run({
        script: COPY_DATABASE,
        args: [database.url.slice('sqlite:'.length), file],
      });
      expect({ code: copying.code, output: copying.output }).toEqual({ code: 0, output: '' });
      copies.push({ file, least, most: (await readLog(database.url)).length });
    }
    await load.finish(app);
    const events = await readLog(database.url);
    expectStoredOnce(events, load.succeeded);
    expect(load.count.busy).toBe(0);

    const heads: number[] = [];
    for (const { file, least, most } of copies) {
      const copied = await readLog(`sqlite:${file}`);
      heads.push(copied.length);
      expect(copied.length).toBeGreaterThanOrEqual(least);
      expect(copied.length).toBeLessThanOrEqual(most);
      expectNoHoles(copied);
      expect(await runSql(`sqlite:${file}`, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      await expectPrefix(file, copied.length);
    }
    expect(new Set(heads).size).toBe(COPIES);
    await expectAppGoesOn(`sqlite:${copies[1]!.file}`, people[0]!, heads[1]!);
    seed.print(
      `${COPIES} copies, of ${heads.join(', ')} events, while ${load.succeeded.size} commands were stored; ` +
        `${events.length} events in the end`,
    );
  }, 90_000);

  /** Row for row what the log has. */
  async function expectPrefix(file: string, head: number): Promise<void> {
    const rows = (url: string, columns: string): Promise<Row[]> =>
      runSql(url, `${columns} where position <= ${head} order by position`);
    const everything = 'select * from events';
    expect(await rows(`sqlite:${file}`, everything)).toEqual(await rows(database.url, everything));
    for (const [table, order] of Object.entries(TABLES)) {
      const sql = `select * from ${table} where position <= ${head} order by ${order}`;
      const copied = await runSql(`sqlite:${file}`, sql);
      expect(copied.length).toBeGreaterThan(0);
      expect(copied).toEqual(await runSql(database.url, sql));
      expect(
        await runSql(`sqlite:${file}`, `select count(*) as beyond from ${table} where position > ${head}`),
      ).toEqual([{ beyond: 0 }]);
    }
  }

  /** With read models that it has to make from the copied log. */
  async function expectAppGoesOn(url: string, person: Person, head: number): Promise<void> {
    const app = await ServedApp.start(main, {
      url,
      viewsUrl: `sqlite:${join(database.folder, 'views-of-copy.sqlite')}`,
    });
    const known = (await readLog(url)).findLast(({ stream }) => stream === `user-${person.userId}`)!;

    const seen = await app.client(person.token).get('/users/me', { 'leftfold-min-position': String(head) });
    expect(seen).toMatchObject({ status: 200, body: { userId: person.userId, version: known.version } });
    const { username } = someNames();
    const changed = await app.client(person.token).put(`${person.path}/username`, { username });
    expect(placeOf(changed)).toEqual({ position: head + 1, version: known.version + 1 });
    expect((await app.client().get('/health/ready')).status).toBe(200);
    expect(await app.process.stop()).toMatchObject({ code: 0 });
    expect(app.process.errorLines).toEqual([]);
    expect(await readLog(database.url)).not.toContainEqual(expect.objectContaining({ data: { username } }));
  }
});

function lastAcknowledged({ succeeded }: KeyedLoad): number {
  return Math.max(...[...succeeded.values()].map((answer) => placeOf(answer).position));
}
