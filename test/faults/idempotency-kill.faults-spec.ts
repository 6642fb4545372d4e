import { setTimeout as sleep } from 'node:timers/promises';
import { killLeftovers } from '../support/app-process.js';
import { BUILD_TIMEOUT_MS, builtApp } from '../support/built-app.js';
import type { Answer, Headers } from '../support/client.js';
import { compileProgram } from '../support/compiled-program.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { expectDone, placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { OPERATOR } from '../support/test-app.js';
import { expectReplay, isReplayed, someKey } from '../idempotency/keys.js';
import { expectLookUpsToFollow } from './support/expect-look-ups.js';
import { expectNoHoles } from './support/expect-log.js';
import { expectStoredOnce } from './support/keyed-commands.js';
import { KeyedLoad } from './support/keyed-load.js';
import { readLog } from './support/read-log.js';
import { seedOf } from './support/seed.js';
import { ServedApp } from '../support/served-app.js';

const ROUNDS = 6;
const PEOPLE = 6;
/** After so many commands at most, and so many ms after that. */
const MOST_COMMANDS = 40;
const LATEST_KILL = 60;
/** So that a new process need not wait for long until the read models of a dead one are its own. */
const ENV = { LEASE_TTL: '1s' };

let main: string;
/** Serves the app until the first append with a key has been committed. */
let dying: string;

beforeAll(async () => {
  main = (await builtApp()).main;
  dying = await compileProgram('test/faults/support/dying-app.ts');
}, BUILD_TIMEOUT_MS);

describe.each(DATABASE_KINDS)('an app on %s that is killed', (kind) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase(kind);
  });

  afterEach(async () => {
    await killLeftovers();
    await database.drop();
  });

  it('between commit and answer answers a repeat as it would have the first time, and stores nothing', async () => {
    const seed = seedOf(`killed between commit and answer, ${kind}`);
    const before = await ServedApp.start(main, database);
    const commands = await differentCommands(before);
    expect(await before.process.stop()).toMatchObject({ code: 0 });
    const stored: number[] = [];

    for (const { name, send } of commands) {
      const app = await ServedApp.start(dying, database);
      await expect(send(app)).rejects.toThrow(/socket hang up|ECONNRESET/);
      expect({ name, ...(await app.process.exited) }).toEqual({ name, code: null, signal: 'SIGKILL' });
      stored.push(Number(/Stored at (\d+), and dead/.exec(app.process.stdout)?.[1]));
    }

    const events = await readLog(database.url);
    const after = await ServedApp.start(main, database);
    for (const [index, { name, send, status, type, userId }] of commands.entries()) {
      const again = await send(after);
      expect({ name, replayed: isReplayed(again) }).toEqual({ name, replayed: true });
      const { position, version } = expectDone(again, status, { userId: userId ?? expect.any(String) });
      const event = events[position - 1]!;
      expect({ name, position }).toEqual({ name, position: stored[index] });
      expect({ type: event.type, version: event.version }).toEqual({ type, version });
      expect(event.data).toMatchObject(again.body as object);
      expectReplay(await send(after), again);
    }
    expect(await readLog(database.url)).toHaveLength(events.length);
    expectNoHoles(events);
    // Whoever registered has the password of the request that nobody answered.
    expect((await after.signIn(commands[0]!.names!)).userId).toBe(events[stored[0]! - 1]!.data.userId);
    seed.print(`${commands.length} kills, ${commands.length} commands repeated twice, ${events.length} events`);
  }, 120_000);

  it('at any moment under load stores one event for each key', async () => {
    const seed = seedOf(`killed under load, ${kind}`);
    let app = await ServedApp.start(main, database, ENV);
    const people: Person[] = [];
    while (people.length < PEOPLE) people.push(await app.customer());
    const [before] = await runSql(database.url, 'select max(position) as head from events');
    const load = new KeyedLoad(people, seed);

    for (let round = 0; round < ROUNDS; round++) {
      load.start(app);
      await load.succeed(seed.between(1, MOST_COMMANDS));
      await sleep(seed.between(0, LATEST_KILL));
      expect(await app.process.kill()).toMatchObject({ signal: 'SIGKILL' });
      await load.stop();
      app = await ServedApp.start(main, database, ENV);
    }
    await load.finish(app);

    const events = await readLog(database.url);
    const { lost, busy, replayed } = load.count;
    seed.print(
      `${ROUNDS} kills, ${load.succeeded.size} keys, ${lost} requests without an answer, ` +
        `${replayed} of them had been stored, ${busy} told to come back, ${events.length} events`,
    );
    expect(lost).toBeGreaterThanOrEqual(ROUNDS);
    expectNoHoles(events);
    expectStoredOnce(events, load.succeeded);
    expect(events.length - Number(before!.head)).toBe(load.succeeded.size);
    const keys = await runSql(database.url, 'select position from commands order by position');
    expect(keys.map(({ position }) => Number(position))).toEqual(
      [...load.succeeded.values()].map((answer) => placeOf(answer).position).toSorted((a, b) => a - b),
    );
    await expectLookUpsToFollow(app, people, events);
  }, 120_000);
});

interface Repeatable {
  readonly name: string;
  readonly status: 200 | 201;
  /** Stored name of the event that the answer is about. */
  readonly type: string;
  readonly userId?: string;
  readonly names?: ReturnType<typeof someNames>;
  readonly send: (app: ServedApp) => Promise<Answer>;
}

/** Each on a user of its own; the registration comes first. */
async function differentCommands(app: ServedApp): Promise<Repeatable[]> {
  const operator = await app.signIn(OPERATOR);
  const [newcomer, names, key] = [someNames(), someNames(), (): Headers => someKey()];
  const [changing, reverting, unchanging, granted] = [
    await app.customer(),
    await app.customer(),
    await app.customer(),
    await app.customer(),
  ];
  await app.client(reverting.token).put(`${reverting.path}/email`, { email: someNames().email });
  const keys = Array.from({ length: 5 }, key);
  return [
    {
      name: 'a registration',
      status: 201,
      type: 'users.user-registered',
      names: newcomer,
      send: (on) => on.client().post('/users', newcomer, keys[0]),
    },
    {
      name: 'a change',
      status: 200,
      type: 'users.username-changed',
      userId: changing.userId,
      send: (on) => on.client(changing.token).put(`${changing.path}/username`, { username: names.username }, keys[1]),
    },
    {
      name: 'a reversion',
      status: 200,
      type: 'users.profile-reverted',
      userId: reverting.userId,
      send: (on) => on.client(reverting.token).post(`${reverting.path}/reversion`, { toVersion: 1 }, keys[2]),
    },
    {
      name: 'a role',
      status: 200,
      type: 'users.role-granted',
      userId: granted.userId,
      send: (on) => on.client(operator.token).put(`${granted.path}/roles/operator`, undefined, keys[3]),
    },
    {
      name: 'one that changes nothing',
      status: 200,
      type: 'users.user-logged-in',
      userId: unchanging.userId,
      send: (on) =>
        on.client(unchanging.token).put(`${unchanging.path}/username`, { username: unchanging.username }, keys[4]),
    },
  ];
}
