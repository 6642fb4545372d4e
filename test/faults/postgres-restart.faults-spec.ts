import { DatabaseLimits } from '@leftfold/core';
import { chmod } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { PERSONAL_DATA_KEY, TestApp } from '../support/test-app.js';
import { startTestPostgres } from '../../packages/core/test/support/test-postgres.mjs';
import { ADMIN_URL, createScratchFolder } from '../../packages/core/test/support/test-run.mjs';
import { cutConnections } from '../../packages/core/test/faults/support/cut-connections.js';
import { expectLookUpsToFollow } from './support/expect-look-ups.js';
import { expectNoHoles } from '../../packages/core/test/faults/support/expect-log.js';
import { expectStoredOnce } from './support/keyed-commands.js';
import { KeyedLoad } from './support/keyed-load.js';
import { readLog } from '../../packages/core/test/faults/support/read-log.js';
import { type Seed, seedOf } from '../../packages/core/test/faults/support/seed.js';

type Postgres = Awaited<ReturnType<typeof startTestPostgres>>;

/** How long a command waits for a new connection, in ms. */
const RECONNECT = 1_000;
/** Of each pool; fewer than there are requests at the same time. */
const CONNECTIONS = 3;
const PEOPLE = 4;

let postgres: Postgres;
let database: TestDatabase;
let app: TestApp;
const { [ADMIN_URL]: shared } = process.env;

beforeAll(async () => {
  const folder = await createScratchFolder('postgres');
  // The operating-system user of PostgreSQL must have access.
  await chmod(folder, 0o755);
  postgres = await startTestPostgres(folder);
  // Made on this server, and gone with it. Later files of this worker use the shared one, whatever fails here.
  process.env[ADMIN_URL] = postgres.url;
  try {
    database = await createTestDatabase('postgres', { separateViews: true });
  } finally {
    process.env[ADMIN_URL] = shared;
  }
  // PostgreSQL spends 40 ms of CPU on each connection that it has to make again.
  const limits = Object.assign(new DatabaseLimits(), { reconnect: RECONNECT, connections: CONNECTIONS });
  app = await TestApp.start(
    database,
    { RATE_LIMITS: 'off' },
    { replace: [{ provide: DatabaseLimits, useValue: limits }] },
  );
});

afterAll(async () => {
  await app.close();
  await postgres.stop();
});

describe.each<[string, (seed: Seed) => Promise<string>]>([
  [
    'is restarted, quickly',
    async (seed) => {
      const pause = seed.between(0, RECONNECT / 2);
      await postgres.restart('SIGINT', pause);
      return `a fast shutdown, down for ${pause} ms`;
    },
  ],
  [
    'crashes, and stays down for longer than a command waits',
    async (seed) => {
      const pause = seed.between(1.5 * RECONNECT, 2 * RECONNECT);
      await postgres.restart('SIGQUIT', pause);
      return `an immediate shutdown, down for ${pause} ms`;
    },
  ],
  [
    'cuts connections, again and again',
    async (seed) => {
      const times = 6;
      let cut = 0;
      for (let time = 0; time < times; time++) {
        await sleep(seed.between(20, 150));
        cut += await cutConnections(database, seed.pick([0.3, 0.6, 1]));
      }
      return `${cut} connections cut in ${times} turns`;
    },
  ],
])('while PostgreSQL %s', (what, disturb) => {
  it('commands are stored once or refused as busy, queries too, and the app recovers', async () => {
    const seed = seedOf(`PostgreSQL ${what}`);
    const people = await Promise.all(Array.from({ length: PEOPLE }, () => app.customer()));
    const load = new KeyedLoad(people, seed);
    const asked = askEverything(await app.customer(), await app.operator());
    load.start(app);
    await load.succeed(8);

    const disturbance = await disturb(seed);
    await load.succeed(15);
    await load.finish(app);
    const { answered, busy } = await asked.stop();

    const { size } = load.succeeded;
    seed.print(`${disturbance}; ${size} commands (${load.count.busy} busy), ${answered} other answers (${busy} busy)`);
    expect(answered).toBeGreaterThan(busy);
    const events = await readLog(database.url, PERSONAL_DATA_KEY);
    expectNoHoles(events);
    expectStoredOnce(events, load.succeeded);
    await expectLookUpsToFollow(app, people, events);
    // Side effects and sagas may still pause after an error, which is no reason for another status.
    await eventually(async () =>
      expect(await app.anyone.get('/health/ready')).toMatchObject({ status: 200, body: { status: 'ok' } }),
    );
  });
});

/** Reads the log, the read models and other tables, and signs in, which also writes, again and again. */
function askEverything({ email, password, path }: Person, operator: Person) {
  const stopping = new AbortController();
  const count = { answered: 0, busy: 0 };
  const requests = [
    ...['/users/me', `${path}?version=1`, `${path}/history`, '/users?limit=5', '/events?limit=5'].map(
      (each) => () => operator.get(each),
    ),
    () => app.anyone.post('/sessions', { email, password }),
  ];
  const asking = requests.map(async (request) => {
    while (!stopping.signal.aborted) {
      const answer = await request();
      count.answered += 1;
      if (answer.status === 503) {
        expectProblem(answer, 503, 'busy');
        count.busy += 1;
      } else if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
      // Without pauses they would use up the processor.
      await sleep(100);
    }
  });
  const over = Promise.all(asking);
  // An error is thrown where it is awaited.
  over.catch(() => undefined);
  return {
    stop: async () => {
      stopping.abort();
      await over;
      return count;
    },
  };
}
