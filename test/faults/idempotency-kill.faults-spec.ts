import { setTimeout as sleep } from 'node:timers/promises';
import { killLeftovers } from '../support/app-process.js';
import { BUILD_TIMEOUT_MS, builtApp } from '../support/built-app.js';
import type { Answer, Client, Headers } from '../support/client.js';
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

/** Of different kinds. */
const COMMANDS = 5;
const ROUNDS = 2;
const PEOPLE = 5;
/** After so many commands at most, and so many ms after that. */
const MOST_COMMANDS = 15;
const LATEST_KILL = 60;
/** So that a new process need not wait for long until the read models of a dead one are its own. */
const ENV = { LEASE_TTL: '1s' };

let main: string;
/** Serves the app until some appends with a key have been committed. */
let dying: string;

beforeAll(async () => {
  main = (await builtApp()).main;
  dying = await compileProgram('test/faults/support/dying-app.ts');
}, BUILD_TIMEOUT_MS);

describe.each(DATABASE_KINDS)('an app on %s that is killed', (kind) => {
  let database: TestDatabase;
  let app: ServedApp | undefined;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
  });

  afterAll(async () => {
    await killLeftovers();
    await database.drop();
  });

  it('between commit and answer answers a repeat as it would have the first time, and stores nothing', async () => {
    const seed = seedOf(`killed between commit and answer, ${kind}`);
    const before = await ServedApp.start(dying, database, { KEYED_APPENDS: String(COMMANDS) });
    const commands = await differentCommands(before);
    expect(commands).toHaveLength(COMMANDS);
    const unanswered = commands.map(({ send }) => expect(send(before)).rejects.toThrow(/socket hang up|ECONNRESET/));
    await Promise.all(unanswered);
    expect(await before.process.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const stored = [...before.process.stdout.matchAll(/Stored at (\d+)/g)].map(([, position]) => Number(position));

    const events = await readLog(database.url);
    app = await ServedApp.start(main, database, ENV);
    const told: number[] = [];
    for (const { name, send, status, type, userId } of commands) {
      const again = await send(app);
      expect({ name, replayed: isReplayed(again) }).toEqual({ name, replayed: true });
      const { position, version } = expectDone(again, status, { userId: userId ?? expect.any(String) });
      const event = events[position - 1]!;
      expect({ type: event.type, version: event.version }).toEqual({ type, version });
      expect(event.data).toMatchObject(again.body);
      expectReplay(await send(app), again);
      told.push(position);
    }
    expect(told.toSorted((a, b) => a - b)).toEqual(stored.toSorted((a, b) => a - b));
    expect(await readLog(database.url)).toHaveLength(events.length);
    expectNoHoles(events);
    // The account has the password of the request that was not answered.
    expect((await app.signIn(commands[0]!.names!)).userId).toBe(events[told[0]! - 1]!.data.userId);
    seed.print(`${commands.length} commands repeated twice, ${events.length} events`);
  }, 120_000);

  it('at any moment under load stores one event for each key', async () => {
    const seed = seedOf(`killed under load, ${kind}`);
    app ??= await ServedApp.start(main, database, ENV);
    const people: Person[] = [];
    while (people.length < PEOPLE) people.push(await app.customer());
    const before = { head: (await readLog(database.url)).length, keys: await keyedPositions() };
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
    expect(events.length - before.head).toBe(load.succeeded.size);
    const positions = [...load.succeeded.values()].map((answer) => placeOf(answer).position);
    expect(await keyedPositions()).toEqual([...before.keys, ...positions].toSorted((a, b) => a - b));
    await expectLookUpsToFollow(app, people, events);
  }, 120_000);

  /** The position that is kept with each key. */
  async function keyedPositions(): Promise<number[]> {
    const keys = await runSql(database.url, 'select position from commands order by position');
    return keys.map(({ position }) => Number(position));
  }
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
  const [newcomer, newcomerKey] = [someNames(), someKey()];
  const onUser = async (
    name: string,
    type: string,
    request: (client: Client, user: Person, key: Headers) => Promise<Answer>,
    by?: Person,
  ): Promise<Repeatable> => {
    const [user, key] = [await app.customer(), someKey()];
    await app
      .client(user.token)
      .put(`${user.path}/email`, { email: someNames().email, currentPassword: user.password });
    const send = (on: ServedApp): Promise<Answer> => request(on.client((by ?? user).token), user, key);
    return { name, status: 200, type: `users.${type}`, userId: user.userId, send };
  };
  const { username } = someNames();
  return [
    {
      name: 'a registration',
      status: 201,
      type: 'users.user-registered',
      names: newcomer,
      send: (on) => on.client().post('/users', newcomer, newcomerKey),
    },
    await onUser('a change', 'username-changed', (client, { path }, key) =>
      client.put(`${path}/username`, { username }, key),
    ),
    await onUser('a reversion', 'profile-reverted', (client, { path }, key) =>
      client.post(`${path}/reversion`, { toVersion: 1 }, key),
    ),
    await onUser(
      'a role',
      'role-granted',
      (client, { path }, key) => client.put(`${path}/roles/operator`, undefined, key),
      operator,
    ),
    await onUser('one that changes nothing', 'email-changed', (client, user, key) =>
      client.put(`${user.path}/username`, { username: user.username }, key),
    ),
  ];
}
