import { EventLog } from '../../src/event-sourcing/index.js';
import type { Answer, Headers } from '../support/client.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectFirst, expectReplay, someKey } from './keys.js';

/** Sends one request by a node. */
type Send = (node: TestApp, headers: Headers) => Promise<Answer>;

// One node has found that the key is new. Before it decides, the other one answers the same request: what that stored
// stands in the way of the decision, and must not be taken for somebody else's.
describe.each(DATABASE_KINDS)('a request that another node answers meanwhile, on %s,', (kind) => {
  let database: TestDatabase;
  let slow: TestApp;
  let fast: TestApp;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    slow = await TestApp.start(database);
    fast = await TestApp.start(database);
    await fast.operator();
  });

  afterAll(async () => {
    await slow.close();
    await fast.close();
    await database.drop();
  });

  const COMMANDS: Record<string, { status: 200 | 201; setUp: () => Promise<Send> }> = {
    'a registration, whose names are taken by now': {
      status: 201,
      setUp: async () => {
        const names = someNames();
        return (node, headers) => node.anyone.post('/users', names, headers);
      },
    },
    'a change, to the version in If-Match': {
      status: 200,
      setUp: async () => {
        const [ann, { email }] = [await fast.customer(), someNames()];
        return (node, headers) =>
          node.personOf(ann).put(`${ann.path}/email`, { email }, { ...headers, 'if-match': '"2"' });
      },
    },
    'a reversion, on the version in If-Match': {
      status: 200,
      setUp: async () => {
        const ann = await fast.customer();
        await ann.put(`${ann.path}/username`, { username: someNames().username });
        return (node, headers) =>
          node.personOf(ann).post(`${ann.path}/reversion`, { toVersion: 1 }, { ...headers, 'if-match': '"3"' });
      },
    },
  };

  it.each(Object.keys(COMMANDS))('has that answer: %s', async (name) => {
    const { status, setUp } = COMMANDS[name]!;
    const [send, key] = [await setUp(), someKey()];
    const late = await lateRequest(() => send(slow, key));
    const first = expectFirst(await send(fast, key), status);
    const before = await hashes();

    expectReplay(await expectNothingStored(fast, late), first);

    // A registration writes its hash first; the late one takes it back.
    const left = await hashes();
    expect(before.filter((userId) => !left.includes(userId))).toHaveLength(status === 201 ? 1 : 0);
    expect(left).toContain((first.body as { userId: string }).userId);
  });

  it('is refused when it asks for something else', async () => {
    const [names, key] = [someNames(), someKey()];
    const late = await lateRequest(() => slow.anyone.post('/users', { ...names, username: someNames().username }, key));
    const first = expectFirst(await fast.anyone.post('/users', names, key), 201);

    expectProblem(await expectNothingStored(fast, late), 422, 'idempotency-key-reused');

    expectReplay(await slow.anyone.post('/users', names, key), first);
  });

  async function hashes(): Promise<unknown[]> {
    return (await runSql(database.url, 'select user_id from credentials')).map(({ user_id: userId }) => userId);
  }

  /** Sends it, holds it where it has looked for its key and found nothing, and answers how to let it go on. */
  async function lateRequest(send: () => Promise<Answer>): Promise<() => Promise<Answer>> {
    const log = slow.nest.get(EventLog);
    const find = log.findCommand.bind(log);
    let goOn!: () => void;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    const looked = new Promise<void>((resolve) => {
      log.findCommand = async (id) => {
        log.findCommand = find;
        const found = await find(id);
        resolve();
        await held;
        return found;
      };
    });
    const answer = send();
    await looked;
    return () => {
      goOn();
      return answer;
    };
  }
});
