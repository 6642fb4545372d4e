import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import { BUILD_TIMEOUT_MS, builtApp } from '../support/built-app.js';
import { type Answer, since } from '../support/client.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { expectProblem, placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { expectNoHoles } from './support/expect-log.js';
import { expectStoredOnce, type KeyedCommand, someCommand } from './support/keyed-commands.js';
import { readLog } from './support/read-log.js';
import { type Seed, seedOf } from './support/seed.js';
import { ServedApp } from '../support/served-app.js';

const HOLD_LOCK = join(import.meta.dirname, 'support', 'hold-write-lock.mjs');
/** So few that commands on one stream also wait for one another. */
const PEOPLE = 4;
const COMMANDS = 16;
const SECOND = 1_000;
/** How long the app waits for another writer, as openDatabase has it. */
const BUSY_LIMIT = 5 * SECOND;
/** For how long another process writes that the app outwaits; what isn't held up needs far less, on a busy machine too. */
const HELD = 3 * SECOND;
/** And for how long one that it doesn't. */
const HELD_TOO_LONG = 8 * SECOND;

interface Timed {
  readonly answer: Answer;
  /** When it came, in ms after the lock was taken. */
  readonly after: number;
}

describe('while another process writes to the SQLite file', () => {
  let main: string;
  let database: TestDatabase;
  let app: ServedApp;
  let people: Person[];

  beforeAll(async () => {
    main = (await builtApp()).main;
    database = await createTestDatabase('sqlite');
    app = await ServedApp.start(main, database);
    people = [];
    while (people.length < PEOPLE) people.push(await app.customer());
  }, BUILD_TIMEOUT_MS);

  afterAll(async () => {
    await killLeftovers();
    await database.drop();
  });

  it('of the log, commands wait and succeed, and all else goes on', async () => {
    const seed = seedOf('second writer, 3 s');
    const held = await holdLock(database.url, HELD);

    const probe = probing();
    const [commands, signIn, look] = await Promise.all([
      Promise.all(someCommands(seed).map(async (command) => ({ command, ...(await held.timed(command.send(app))) }))),
      held.timed(app.client().post('/sessions', { email: people[0]!.email, password: people[0]!.password })),
      held.timed(app.client(people[0]!.token).get('/users/me')),
    ]);
    await held.released;
    const { longest, answered } = await probe.end();

    const succeeded = new Map(commands.map(({ command, answer }) => [command, answer]));
    for (const [{ type }, answer] of succeeded) {
      expect(answer.status).toBe(type === 'users.user-registered' ? 201 : 200);
    }
    expect(signIn.answer.status).toBe(201);
    expect(Math.min(...commands.map(({ after }) => after))).toBeGreaterThan(HELD / 2);
    expect(look.answer.status).toBe(200);
    expect(look.after).toBeLessThan(HELD / 2);
    expect(longest).toBeLessThan(HELD / 2);
    const events = await readLog(database.url);
    expectNoHoles(events);
    expectStoredOnce(events, succeeded);
    seed.print(
      `${succeeded.size} commands and a sign-in waited, the last for ${Math.max(...commands.map(({ after }) => after))} ms; ` +
        `${answered} looks at /health/live meanwhile, the slowest took ${longest} ms`,
    );
  }, 30_000);

  it('of the log for too long, commands are told to come back, and then succeed', async () => {
    const seed = seedOf('second writer, 8 s');
    const held = await holdLock(database.url, HELD_TOO_LONG);

    const probe = probing();
    const commands = someCommands(seed);
    const [refused, ...others] = await Promise.all([
      Promise.all(commands.map((command) => held.timed(command.send(app)))),
      held.timed(app.client().post('/sessions', { email: people[0]!.email, password: people[0]!.password })),
      held.timed(app.client().post('/sessions', { email: people[1]!.email, password: 'not the right one' })),
    ]);
    const { longest, answered } = await probe.end();

    for (const { answer, after } of [...refused, ...others]) {
      expectProblem(answer, 503, 'busy');
      expect(after).toBeGreaterThan(BUSY_LIMIT - SECOND);
      expect(after).toBeLessThan(HELD_TOO_LONG);
    }
    expect(longest).toBeLessThan(HELD / 2);

    await held.released;
    const succeeded = new Map<KeyedCommand, Answer>();
    for (const command of commands) succeeded.set(command, await command.send(app));
    for (const answer of succeeded.values()) {
      expect([200, 201]).toContain(answer.status);
      expect(answer.headers['idempotent-replayed']).toBeUndefined();
    }
    const events = await readLog(database.url);
    expectNoHoles(events);
    expectStoredOnce(events, succeeded);
    seed.print(
      `${refused.length + others.length} commands told to come back, the last after ` +
        `${Math.max(...refused.map(({ after }) => after))} ms; ${answered} looks at /health/live meanwhile, the slowest ` +
        `took ${longest} ms; ${succeeded.size} succeeded after`,
    );
  }, 40_000);

  it('of the read models, commands don’t wait, and look-ups follow after', async () => {
    const seed = seedOf('second writer to the read models, 3 s');
    const held = await holdLock(database.viewsUrl, HELD);

    const ann = people[0]!;
    const changed = await held.timed(
      app.client(ann.token).put(`${ann.path}/username`, { username: someNames().username }),
    );
    const look = await held.timed(app.client(ann.token).get('/users/me', since(changed.answer)));

    expect(changed.answer.status).toBe(200);
    expect(changed.after).toBeLessThan(HELD / 2);
    expect(look.answer).toMatchObject({ status: 200, body: { version: placeOf(changed.answer).version } });
    expect(look.after).toBeGreaterThan(HELD / 2);
    await held.released;
    expect((await app.client().get('/health/ready')).status).toBe(200);
    seed.print(`a command was answered after ${changed.after} ms, and seen after ${look.after} ms`);
  }, 30_000);

  function someCommands(seed: Seed): KeyedCommand[] {
    return Array.from({ length: COMMANDS }, () => someCommand(seed, seed.pick(people)));
  }

  /** Asks again and again whether the app is alive. */
  function probing(): { end(): Promise<{ longest: number; answered: number }> } {
    const ended = new AbortController();
    let [longest, answered] = [0, 0];
    const asking = (async () => {
      while (!ended.signal.aborted) {
        const asked = Date.now();
        expect((await app.client().get('/health/live')).status).toBe(200);
        longest = Math.max(longest, Date.now() - asked);
        answered += 1;
        await sleep(10);
      }
    })();
    return {
      end: async () => {
        ended.abort();
        await asking;
        return { longest, answered };
      },
    };
  }
});

/** Another process begins to write, and goes on for so long. */
async function holdLock(url: string, milliseconds: number) {
  const file = url.slice('sqlite:'.length);
  const holder = await AppProcess.spawn({ script: HOLD_LOCK, args: [file, String(milliseconds)] });
  await holder.waitFor(/held/);
  const since = Date.now();
  return {
    released: holder.exited.then((exit) => {
      expect({ ...exit, output: holder.output }).toEqual({ code: 0, signal: null, output: 'held\nreleased\n' });
    }),
    timed: async (answering: Promise<Answer>): Promise<Timed> => ({
      answer: await answering,
      after: Date.now() - since,
    }),
  };
}
