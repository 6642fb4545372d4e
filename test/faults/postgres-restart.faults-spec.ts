import { chmod } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseLimits, type RecordedEvent } from '../../src/event-sourcing/index.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { expectProblem, placeOf } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { startTestPostgres } from '../support/test-postgres.mjs';
import { ADMIN_URL, createScratchFolder } from '../support/test-run.mjs';
import { cutConnections } from './support/cut-connections.js';
import { expectNoHoles } from './support/expect-log.js';
import { readLog } from './support/read-log.js';
import { type Seed, seedOf } from './support/seed.js';
import { type Asked, UserLoad } from './support/user-load.js';

type Postgres = Awaited<ReturnType<typeof startTestPostgres>>;

/** How long a command waits for the connection to come back, in ms. */
const RECONNECT = 1_000;

let postgres: Postgres;
let database: TestDatabase;
let app: TestApp;
const { [ADMIN_URL]: shared } = process.env;

beforeAll(async () => {
  const folder = await createScratchFolder('postgres');
  // The user that PostgreSQL runs as must be able to enter.
  await chmod(folder, 0o755);
  postgres = await startTestPostgres(folder);
  // The databases of this file are made on its own server.
  process.env[ADMIN_URL] = postgres.url;
  database = await createTestDatabase('postgres', { separateViews: true });
  const limits = Object.assign(new DatabaseLimits(), { reconnect: RECONNECT });
  app = await TestApp.start(
    database,
    { RATE_LIMITS: 'off' },
    { replace: [{ provide: DatabaseLimits, useValue: limits }] },
  );
}, 60_000);

afterAll(async () => {
  await app.close();
  await database.drop();
  process.env[ADMIN_URL] = shared;
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
    'crashes, and stays away for longer than a command waits',
    async (seed) => {
      const pause = seed.between(1.5 * RECONNECT, 2 * RECONNECT);
      await postgres.restart('SIGQUIT', pause);
      return `an immediate shutdown, down for ${pause} ms`;
    },
  ],
  [
    'cuts connections, again and again',
    async (seed) => {
      const times = 12;
      let cut = 0;
      for (let time = 0; time < times; time++) {
        await sleep(seed.between(20, 150));
        cut += await cutConnections(database, seed.pick([0.3, 0.6, 1]));
      }
      return `${cut} connections cut in ${times} turns`;
    },
  ],
])('while PostgreSQL %s', (what, disturb) => {
  it('every request is answered with success or busy, what was answered is true, and the app comes back', async () => {
    const seed = seedOf(`PostgreSQL ${what}`);
    const load = await UserLoad.of(app, seed);
    load.start();
    await eventually(() => expect(load.answered.length).toBeGreaterThan(30));

    const disturbance = await disturb(seed);
    const before = load.answered.length;
    await eventually(() => expect(load.successesSince(before)).toBeGreaterThan(60));
    await load.stop();

    seed.print(`${disturbance}; ${load.summary()}`);
    expectSuccessOrBusy(load.answered);
    const repeated = await load.repeatBusy();
    expect(repeated.filter(({ answer }) => answer.status >= 300)).toEqual([]);
    const events = await readLog(database.url);
    expectNoHoles(events);
    expectTrue([...load.answered, ...repeated], events);
    await expectReadModels(load.people, events);
  }, 60_000);

  async function expectReadModels(people: readonly Person[], events: readonly RecordedEvent[]): Promise<void> {
    const operator = await app.operator();
    const head = String(await app.head());
    for (const { userId, path } of people) {
      const own = events.filter(({ stream }) => stream === `user-${userId}`);
      const named = own.findLast(({ data }) => data.username !== undefined)!;
      const { status, body } = await operator.get(path, { 'leftfold-min-position': head });
      expect({ status, ...body }).toMatchObject({
        status: 200,
        username: named.data.username,
        version: own.at(-1)!.version,
      });
    }
    const ready = await eventually(async () => {
      const answer = await app.anyone.get('/health/ready');
      expect(answer.status).toBe(200);
      return answer;
    });
    expect(ready.body).toMatchObject({ status: 'ok' });
  }
});

function expectSuccessOrBusy(answered: readonly Asked[]): void {
  const others = answered.filter(({ answer }) => ![200, 201, 503].includes(answer.status));
  expect(others.map(({ what, answer }) => ({ what, status: answer.status, body: answer.body as unknown }))).toEqual([]);
  for (const { answer } of answered.filter(({ answer }) => answer.status === 503)) expectProblem(answer, 503, 'busy');
}

/** A success is in the log exactly once, where its answer says; what was busy at most once. */
function expectTrue(answered: readonly Asked[], events: readonly RecordedEvent[]): void {
  const stored = new Map<unknown, { position: number; version: number }[]>();
  for (const { data, position, version } of events) {
    stored.set(data.username, [...(stored.get(data.username) ?? []), { position, version }]);
  }
  for (const { what, answer, wrote } of answered.filter((each) => each.wrote !== undefined)) {
    const places = stored.get(wrote) ?? [];
    if (answer.status === 503) expect(places.length).toBeLessThan(2);
    else expect({ what, places }).toEqual({ what, places: [placeOf(answer)] });
  }
}
