import { killLeftovers } from '../../packages/core/test/support/app-process.js';
import { builtApp } from '../support/built-app.js';
import type { Answer, Client, Headers } from '../support/client.js';
import { createAppDatabase } from '../support/app-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { expectDone } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { OPERATOR, PERSONAL_DATA_KEY, TestApp } from '../support/test-app.js';
import { expectReplay, isReplayed, someKey } from '../idempotency/keys.js';
import { expectNoHoles } from '../../packages/core/test/faults/support/expect-log.js';
import { readLog } from '../../packages/core/test/faults/support/read-log.js';
import { seedOf } from '../../packages/core/test/faults/support/seed.js';
import { ServedApp } from '../support/served-app.js';

/** Commands of different kinds. */
const COMMANDS = 5;

/** Serves the app until this many appends with a key have been committed. */
let dying: string;

beforeAll(async () => {
  ({ dying } = await builtApp());
});

// For kills at any time under load see kill-while-ordering.faults-spec.ts.
describe.each(DATABASE_KINDS)('an app on %s that is killed', (kind) => {
  let database: TestDatabase;
  let app: TestApp | undefined;

  beforeAll(async () => {
    database = await createAppDatabase(kind);
  });

  afterAll(async () => {
    await killLeftovers();
    await app?.close();
    await database.drop();
  });

  it('between commit and answer repeats the first answer, and stores nothing', async () => {
    const seed = seedOf(`killed between commit and answer, ${kind}`);
    const before = await ServedApp.start(dying, database, { KEYED_APPENDS: String(COMMANDS) });
    const commands = await differentCommands(before);
    expect(commands).toHaveLength(COMMANDS);
    const unanswered = commands.map(({ send }) => expect(send(before)).rejects.toThrow(/socket hang up|ECONNRESET/));
    await Promise.all(unanswered);
    expect(await before.process.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const stored = [...before.process.stdout.matchAll(/Stored at (\d+)/g)].map(([, position]) => Number(position));

    const events = await readLog(database.url, PERSONAL_DATA_KEY);
    app = await TestApp.start(database);
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
    expect(await readLog(database.url, PERSONAL_DATA_KEY)).toHaveLength(events.length);
    expectNoHoles(events);
    // The account has the password of the unanswered request.
    expect((await app.signIn(commands[0]!.names!)).userId).toBe(events[told[0]! - 1]!.data.userId);
    seed.print(`${commands.length} commands repeated twice, ${events.length} events`);
  });
});

/** By another process, or by this one. */
type Served = Pick<ServedApp, 'client'>;

interface Repeatable {
  readonly name: string;
  readonly status: 200 | 201;
  /** Stored name of the event that the answer is about. */
  readonly type: string;
  readonly userId?: string;
  readonly names?: ReturnType<typeof someNames>;
  readonly send: (app: Served) => Promise<Answer>;
}

/** Each for a user of its own; the registration comes first. */
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
    const send = (on: Served): Promise<Answer> => request(on.client((by ?? user).token), user, key);
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
    await onUser('one without a change', 'email-changed', (client, user, key) =>
      client.put(`${user.path}/username`, { username: user.username }, key),
    ),
  ];
}
