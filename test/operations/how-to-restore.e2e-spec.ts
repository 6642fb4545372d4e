import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DebianCluster, findPostgresPrograms } from '../../packages/core/test/faults/support/debian-postgres.js';
import { builtApp } from '../support/built-app.js';
import { asInCheckout } from '../support/checkout.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { type Names, someNames } from '../support/people.js';
import { describeIf } from '../../packages/core/test/support/skipping.js';
import { TestApp } from '../support/test-app.js';
import { createScratchFolder } from '../../packages/core/test/support/test-run.mjs';
import { follow, howTo, type Variables } from './how-to-page.js';

const RESTORE = '<!-- restore -->';
const NOWHERE = 'http://127.0.0.1:1';
/** The README's tour uses the real `npx`, which takes as long to find a command as the command takes. */
const NPX = 'npx() { node "bin/$1.mjs" "${@:2}"; }';

const programs = findPostgresPrograms();
const describeDumps = describeIf(
  programs,
  'Dumps need a PostgreSQL server with pg_dump and pg_restore (apt-get install postgresql).',
);

let folder: string;

beforeAll(async () => {
  await builtApp();
});

beforeEach(async () => {
  folder = await createScratchFolder('restore');
  await mkdir(join(folder, 'backups'));
});

describe('how to back up and restore', () => {
  it('SQLite files', async () => {
    const data = join(folder, 'data');
    const url = `sqlite:${join(data, 'events.sqlite')}`;
    const viewsUrl = `sqlite:${join(data, 'views.sqlite')}`;
    const { backUp, restore } = await parts('## On SQLite');
    const { app, names } = await appWithSomebody(url, viewsUrl);
    const variables = { DATABASE_URL: url, BACKUPS: join(folder, 'backups') };
    // Links are followed, so the commands of the page find the data at the expected path.
    const here = `ln -s '${data}' data`;

    expect(await followHere(backUp, variables, await app.nest.getUrl(), here)).toBe(1);
    // After the backup, so it is lost.
    await app.signIn(names);
    await app.close();
    await rm(data, { recursive: true });
    await mkdir(data);
    expect(await followHere(restore, variables, NOWHERE, here)).toBe(1);

    expect((await readdir(data)).filter((name) => !/-(wal|shm)$/.test(name)).toSorted()).toEqual([
      'events.sqlite',
      'views.sqlite',
    ]);
    await expectSomebodyBack(url, viewsUrl, names);
  });
});

describeDumps('how to back up and restore', () => {
  it('PostgreSQL', async () => {
    // postgres-dump-restore.faults-spec.ts restores into another cluster.
    const cluster = await DebianCluster.start(programs!);
    try {
      await cluster.createDatabase('leftfold');
      const url = cluster.url('leftfold');
      const { backUp, restore } = await parts('## On PostgreSQL');
      const { app, names } = await appWithSomebody(url, url);
      const variables = { DATABASE_URL: url, BACKUPS: join(folder, 'backups') };
      await chmod(dirname(folder), 0o755);

      await followHere(backUp, { ...variables, ...clientOf(url) }, await app.nest.getUrl());
      await app.close();
      const restored = cluster.url('leftfold_restored');
      const again = { ...variables, ...clientOf(restored), RESTORED_URL: restored };
      expect(await followHere(restore, again, NOWHERE)).toBe(1);

      await expectSomebodyBack(restored, restored, names);
    } finally {
      await cluster.stop();
    }
  });
});

async function parts(heading: string): Promise<{ backUp: string; restore: string }> {
  const section = (await howTo('back-up-and-restore.md')).split(/^(?=## )/m).find((each) => each.startsWith(heading));
  const [backUp, restore] = section!.split(RESTORE);
  return { backUp: backUp!, restore: restore! };
}

/**
 * In a folder like that of the built app: a backup of SQLite files starts a program of the build.
 * @param commands run before the first one
 */
async function followHere(text: string, variables: Variables, apiUrl: string, commands = ''): Promise<number> {
  return follow(text, await asInCheckout(variables, `${NPX}\n${commands}`), apiUrl);
}

function startApp(url: string, viewsUrl: string): Promise<TestApp> {
  const kind = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
  const database = { kind, url, viewsUrl, folder, drop: () => Promise.resolve() } as const;
  // A restored app waits for the leases in the backup.
  return TestApp.start(database, { LEASE_TTL: '1s' });
}

/** An app whose log has three events, of an operator and of a new user. */
async function appWithSomebody(url: string, viewsUrl: string): Promise<{ app: TestApp; names: Names }> {
  const app = await startApp(url, viewsUrl);
  const names = someNames();
  await app.register(names);
  return { app, names };
}

async function expectSomebodyBack(url: string, viewsUrl: string, names: Names): Promise<void> {
  const app = await startApp(url, viewsUrl);
  try {
    const somebody = await app.signIn(names);
    const operator = await app.operator();
    await eventually(() => app.caughtUpWith(operator.signedIn));
    expect((await operator.get(somebody.path)).body).toMatchObject({ username: names.username, email: names.email });
    expect((await operator.get('/events?after=3')).body).toMatchObject({
      items: [{ position: 4, type: 'users.user-logged-in' }, { position: 5 }],
    });
  } finally {
    await app.close();
  }
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
