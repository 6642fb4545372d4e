import { DatabaseLimits } from '@leftfold/core';
import { join } from 'node:path';
import { AppProcess, killLeftovers } from '../../packages/core/test/support/app-process.js';
import { type Answer, since } from '../support/client.js';
import { expectProblem, placeOf } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { PERSONAL_DATA_KEY, TestApp } from '../support/test-app.js';
import { expectNoHoles } from '../../packages/core/test/faults/support/expect-log.js';
import { expectStoredOnce, type KeyedCommand, someCommand } from './support/keyed-commands.js';
import { readLog } from '../../packages/core/test/faults/support/read-log.js';
import { seedOf } from '../../packages/core/test/faults/support/seed.js';

const HOLD_LOCK = join(import.meta.dirname, 'support', 'hold-write-lock.mjs');
/** Few streams, so that commands on one stream also wait for each other. */
const PEOPLE = 4;
const COMMANDS = 16;
/** Polls /health/live while the other process writes. */
const LOOKS = 20;
/** How long the app waits for another writer, in ms: longer than the test, or shorter than the other writer needs. */
const [PATIENT, IMPATIENT] = [60_000, 400];

describe('while another process writes to the SQLite file', () => {
  const seed = seedOf('second writer');
  let app: TestApp;
  let people: Person[];

  afterEach(async () => {
    await killLeftovers();
    await app.close();
  });

  it('of the log, commands wait and succeed, and everything else continues', async () => {
    await start(PATIENT);
    const held = await holdLock(app.database.url);

    const [ann] = people as [Person];
    const commands = someCommands();
    const waiting = new Waiting([...commands.map((command) => command.send(app)), app.signIn(ann)]);
    await expectAlive();
    expect((await ann.get('/users/me')).status).toBe(200);
    expect(waiting.settled).toBe(0);

    await held.release();
    const answers = await waiting.all;
    const succeeded = new Map(commands.map((command, at) => [command, answers[at] as Answer]));
    for (const [{ type }, answer] of succeeded) {
      expect(answer.status).toBe(type === 'users.user-registered' ? 201 : 200);
    }
    const events = await readLog(app.database.url, PERSONAL_DATA_KEY);
    expectNoHoles(events);
    expectStoredOnce(events, succeeded);
  });

  it('of the log for too long, commands are refused as busy, and then succeed', async () => {
    await start(IMPATIENT);
    const held = await holdLock(app.database.url);

    const [{ email, password }, { email: other }] = people as [Person, Person];
    const commands = someCommands();
    const waiting = new Waiting([
      ...commands.map((command) => command.send(app)),
      app.anyone.post('/sessions', { email, password }),
      app.anyone.post('/sessions', { email: other, password: 'not the right one' }),
    ]);
    await expectAlive();
    for (const answer of await waiting.all) expectProblem(answer as Answer, 503, 'busy');

    await held.release();
    const succeeded = new Map<KeyedCommand, Answer>();
    for (const command of commands) succeeded.set(command, await command.send(app));
    for (const answer of succeeded.values()) {
      expect([200, 201]).toContain(answer.status);
      expect(answer.headers['idempotent-replayed']).toBeUndefined();
    }
    const events = await readLog(app.database.url, PERSONAL_DATA_KEY);
    expectNoHoles(events);
    expectStoredOnce(events, succeeded);
  });

  it('of the read models, commands don’t wait, and queries catch up afterwards', async () => {
    await start(PATIENT);
    const held = await holdLock(app.database.viewsUrl);

    const [ann] = people as [Person];
    const changed = await ann.put(`${ann.path}/username`, { username: someNames().username });
    expect(changed.status).toBe(200);
    const look = new Waiting([ann.get('/users/me', since(changed))]);
    await expectAlive();
    expect(look.settled).toBe(0);

    await held.release();
    const [seen] = await look.all;
    expect(seen).toMatchObject({ status: 200, body: { version: placeOf(changed).version } });
    expect((await app.anyone.get('/health/ready')).status).toBe(200);
  });

  async function start(otherWriter: number): Promise<void> {
    const replace = [{ provide: DatabaseLimits, useValue: Object.assign(new DatabaseLimits(), { otherWriter }) }];
    app = await TestApp.start('sqlite', { READ_WAIT_LIMIT: '60s' }, { replace });
    people = [];
    while (people.length < PEOPLE) people.push(await app.customer());
  }

  function someCommands(): KeyedCommand[] {
    return Array.from({ length: COMMANDS }, () => someCommand(seed, seed.pick(people)));
  }

  /** A wait that blocked the event loop would end before the first poll is answered. */
  async function expectAlive(): Promise<void> {
    for (let look = 0; look < LOOKS; look++) expect((await app.anyone.get('/health/live')).status).toBe(200);
  }
});

/** The requests, and the number of finished ones. */
class Waiting {
  settled = 0;
  readonly all: Promise<unknown[]>;

  constructor(asked: readonly Promise<unknown>[]) {
    this.all = Promise.all(asked.map((each) => each.finally(() => (this.settled += 1))));
  }
}

/** Another process begins to write, and continues until it is released. */
async function holdLock(url: string): Promise<{ release(): Promise<void> }> {
  const holder = await AppProcess.spawn({ script: HOLD_LOCK, args: [url.slice('sqlite:'.length)] });
  await holder.waitFor(/held/);
  return {
    release: async () => {
      const exit = await holder.stop();
      expect({ ...exit, output: holder.output }).toEqual({ code: 0, signal: null, output: 'held\nreleased\n' });
    },
  };
}
