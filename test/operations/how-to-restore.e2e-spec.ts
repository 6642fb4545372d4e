import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DebianCluster, findPostgresPrograms } from '../faults/support/debian-postgres.js';
import { ServedApp } from '../support/served-app.js';
import { killLeftovers } from '../support/app-process.js';
import { BUILD_TIMEOUT_MS, builtApp } from '../support/built-app.js';
import { eventually } from '../support/eventually.js';
import { type Names, someNames } from '../support/people.js';
import { describeIf } from '../support/skipping.js';
import { createScratchFolder } from '../support/test-run.mjs';
import { follow, howTo, type Variables } from './how-to-page.js';
import { OPERATOR } from '../support/test-app.js';

const RESTORE = '<!-- restore -->';
const LIMIT = 120_000;

const programs = findPostgresPrograms();
const describeDumps = describeIf(
  programs,
  'Dumps need a PostgreSQL server with pg_dump and pg_restore (apt-get install postgresql).',
);

let main: string;
let folder: string;

beforeAll(async () => {
  main = (await builtApp()).main;
}, BUILD_TIMEOUT_MS);

beforeEach(async () => {
  folder = await createScratchFolder('restore');
  await mkdir(join(folder, 'backups'));
});

afterEach(killLeftovers);

describe('how to back up and restore', () => {
  it(
    'SQLite files',
    async () => {
      const data = join(folder, 'data');
      const url = `sqlite:${join(data, 'events.sqlite')}`;
      const viewsUrl = `sqlite:${join(data, 'views.sqlite')}`;
      const { backUp, restore } = await parts('## On SQLite');
      const { app, names } = await appWithSomebody(url, viewsUrl);
      const variables = { DATABASE_URL: url, BACKUPS: join(folder, 'backups') };
      // Links are followed, so the commands of the page find the data where they expect it.
      const here = `ln -s '${data}' data`;

      expect(await follow(backUp, variables, app.process.url, here)).toBe(1);
      // After the backup, so it is lost.
      await app.signIn(names);
      await app.process.stop();
      await rm(data, { recursive: true });
      await mkdir(data);
      expect(await follow(restore, variables, 'http://127.0.0.1:1', here)).toBe(1);

      expect((await readdir(data)).filter((name) => !/-(wal|shm)$/.test(name)).toSorted()).toEqual([
        'events.sqlite',
        'views.sqlite',
      ]);
      await expectSomebodyBack(url, viewsUrl, names);
    },
    LIMIT,
  );
});

describeDumps('how to back up and restore', () => {
  it(
    'PostgreSQL',
    async () => {
      const source = await DebianCluster.start(programs!);
      const target = await DebianCluster.start(programs!);
      try {
        await source.createDatabase('leftfold');
        const url = source.url('leftfold');
        const { backUp, restore } = await parts('## On PostgreSQL');
        const { app, names } = await appWithSomebody(url, url);
        const variables = { DATABASE_URL: url, BACKUPS: join(folder, 'backups') };
        await chmod(dirname(folder), 0o755);

        await follow(backUp, { ...variables, ...clientOf(url) }, app.process.url);
        await app.process.stop();
        await source.stop();
        const restored = target.url('leftfold_restored');
        const again = { ...variables, ...clientOf(restored), RESTORED_URL: restored };
        expect(await follow(restore, again, 'http://127.0.0.1:1')).toBe(1);

        await expectSomebodyBack(restored, restored, names);
      } finally {
        await source.stop();
        await target.stop();
      }
    },
    LIMIT,
  );
});

async function parts(heading: string): Promise<{ backUp: string; restore: string }> {
  const section = (await howTo('back-up-and-restore.md')).split(/^(?=## )/m).find((each) => each.startsWith(heading));
  const [backUp, restore] = section!.split(RESTORE);
  return { backUp: backUp!, restore: restore! };
}

/** Whose log has three events: an operator, and somebody who has registered. The read models have them. */
async function appWithSomebody(url: string, viewsUrl: string): Promise<{ app: ServedApp; names: Names }> {
  const app = await ServedApp.start(main, { url, viewsUrl });
  const names = someNames();
  expect((await app.client().post('/users', names)).status).toBe(201);
  await eventually(async () => {
    const ready = await app.client().get('/health/ready');
    expect(ready.status).toBe(200);
  });
  return { app, names };
}

async function expectSomebodyBack(url: string, viewsUrl: string, names: Names): Promise<void> {
  const app = await ServedApp.start(main, { url, viewsUrl });
  const somebody = await app.signIn(names);
  const operator = await app.signIn(OPERATOR);
  await eventually(async () => {
    expect((await operator.get(somebody.path)).body).toMatchObject({ username: names.username, email: names.email });
  }, 40_000);
  expect((await operator.get('/events?after=3')).body).toMatchObject({
    items: [{ position: 4, type: 'users.user-logged-in' }, { position: 5 }],
  });
}

/** How PostgreSQL's programs find the server. */
function clientOf(url: string): Variables {
  const { hostname, port, username, password } = new URL(url);
  return {
    PATH: `${programs}:${process.env.PATH}`,
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
  };
}
