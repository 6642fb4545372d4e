import { EventLog } from '@leftfold/core';
import type { Answer, Headers } from '../support/client.js';
import { createAppDatabase } from '../support/app-database.js';
import { DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { usersWithHash } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectFirst, expectOneFirst, expectReplay, isReplayed, someKey } from './keys.js';

const MANY = 8;

/** Sends a command through one of the nodes. */
type Send = (node: TestApp, headers: Headers) => Promise<Answer>;

describe.each(DATABASE_KINDS)('two nodes on %s', (kind) => {
  let database: TestDatabase;
  let nodes: [TestApp, TestApp];

  beforeAll(async () => {
    database = await createAppDatabase(kind);
    const start = () => TestApp.start(database, {}, { connections: 10 });
    nodes = [await start(), await start()];
    await nodes[0].operator();
  });

  afterAll(async () => {
    for (const node of nodes) await node.close();
    await database.drop();
  });

  /** The answers of the nodes when they are asked in turn, many times concurrently. */
  const atOnce = (send: (node: TestApp, number: number) => Promise<Answer>, count = MANY): Promise<Answer[]> =>
    Promise.all(Array.from({ length: count }, (_, number) => send(nodes[number % 2]!, number)));

  const hashes = (): Promise<string[]> => usersWithHash(database.url);

  /** Sends each command, as often as a test needs. */
  const COMMANDS: Record<string, () => Promise<Send>> = {
    'a registration': async () => {
      const names = someNames();
      return (node, headers) => node.anyone.post('/users', names, headers);
    },
    'a change': async () => {
      const [ann, { username }] = [await nodes[0].customer(), someNames()];
      return (node, headers) => node.personOf(ann).put(`${ann.path}/username`, { username }, headers);
    },
    'a change of the version in If-Match': async () => {
      const [ann, { email }] = [await nodes[0].customer(), someNames()];
      return (node, headers) =>
        node
          .personOf(ann)
          .put(`${ann.path}/email`, { email, currentPassword: ann.password }, { ...headers, 'if-match': '"2"' });
    },
    'a reversion of the version in If-Match': async () => {
      const ann = await nodes[0].customer();
      await ann.put(`${ann.path}/email`, { email: someNames().email, currentPassword: ann.password });
      return (node, headers) =>
        node.personOf(ann).post(`${ann.path}/reversion`, { toVersion: 1 }, { ...headers, 'if-match': '"3"' });
    },
    'a role': async () => {
      const [{ userId }, operator] = [await nodes[0].register(), await nodes[0].operator()];
      return (node, headers) => node.personOf(operator).put(`/users/${userId}/roles/operator`, undefined, headers);
    },
  };
  const isRegistration = (name: string): boolean => name === 'a registration';

  describe('are asked concurrently', () => {
    it.each(Object.keys(COMMANDS))('with one key return the same answer, and store one event: %s', async (name) => {
      const [send, key] = [await COMMANDS[name]!(), someKey()];
      const [before, { length: hashCount }] = [await nodes[0].head(), await hashes()];

      const first = expectOneFirst(await atOnce((node) => send(node, key)), isRegistration(name) ? 201 : 200);

      expect(placeOf(first).position).toBe(before + 1);
      expect(await nodes[0].head()).toBe(before + 1);
      expect(await hashes()).toHaveLength(hashCount + (isRegistration(name) ? 1 : 0));
    });

    it('with one key and no change return the same answer, and store nothing', async () => {
      const [ann, key] = [await nodes[0].customer(), someKey()];
      const { username } = ann;

      const answers = await expectNothingStored(nodes[0], () =>
        atOnce((node) => node.personOf(ann).put(`${ann.path}/username`, { username }, key)),
      );

      expectOneFirst(answers, 200);
    });

    it.each(['a registration', 'a change'])(
      'with one key and two bodies accept one, and refuse the other: %s',
      async (what) => {
        const [ann, key, bodies] = [await nodes[0].customer(), someKey(), [someNames(), someNames()]];
        const [before, { length: hashCount }] = [await nodes[0].head(), await hashes()];
        const isChange = what === 'a change';

        // Each node gets both bodies.
        const answers = await atOnce((_, number) => {
          const [node, body] = [nodes[(number >> 1) % 2]!, bodies[number % 2]!];
          if (!isChange) return node.anyone.post('/users', body, key);
          return node.personOf(ann).put(`${ann.path}/email`, { email: body.email, currentPassword: ann.password }, key);
        });

        expectOneBodyToWin(answers, isChange ? 200 : 201);
        expect(await nodes[0].head()).toBe(before + 1);
        expect(await hashes()).toHaveLength(hashCount + (isChange ? 0 : 1));
      },
    );

    it('decide each command with its own key', async () => {
      const [ann, before] = [await nodes[0].customer(), await nodes[0].head()];

      const answers = await atOnce(
        (node) => node.personOf(ann).put(`${ann.path}/username`, { username: someNames().username }, someKey()),
        6,
      );

      for (const answer of answers) expectFirst(answer, 200);
      expect(await nodes[0].head()).toBe(before + 6);
    });
  });

  it('repeat each other’s answers', async () => {
    const [names, key] = [someNames(), someKey()];
    const first = expectFirst(await nodes[0].anyone.post('/users', names, key), 201);

    const [again, other] = await expectNothingStored(nodes[0], async () => [
      await nodes[1].anyone.post('/users', names, key),
      await nodes[1].anyone.post('/users', { ...names, email: someNames().email }, key),
    ]);

    expectReplay(again, first);
    expectProblem(other, 422, 'idempotency-key-reused');
  });

  // One node has found that the key is new. Before it decides, the other node answers the same request. The stored
  // event conflicts with the decision, and must not be taken for another caller's.
  describe('of which one answers a request that the other has just begun', () => {
    it.each(Object.keys(COMMANDS))('answer the same: %s', async (name) => {
      const [slow, fast] = nodes;
      const [send, key] = [await COMMANDS[name]!(), someKey()];
      const late = await lateRequest(() => send(slow, key));
      const first = expectFirst(await send(fast, key), isRegistration(name) ? 201 : 200);
      const before = await hashes();

      expectReplay(await expectNothingStored(fast, late), first);

      // A registration writes its hash first; the slower one deletes its hash again.
      const left = await hashes();
      expect(before.filter((userId) => !left.includes(userId))).toHaveLength(isRegistration(name) ? 1 : 0);
      expect(left).toContain((first.body as { userId: string }).userId);
    });

    it('refuse a different request', async () => {
      const [slow, fast] = nodes;
      const [names, key] = [someNames(), someKey()];
      const other = { ...names, username: someNames().username };
      const late = await lateRequest(() => slow.anyone.post('/users', other, key));
      const first = expectFirst(await fast.anyone.post('/users', names, key), 201);

      expectProblem(await expectNothingStored(fast, late), 422, 'idempotency-key-reused');

      expectReplay(await slow.anyone.post('/users', names, key), first);
    });

    /** Sends it, and blocks it after it has looked up its key and found nothing. Returns a function that releases it. */
    async function lateRequest(send: () => Promise<Answer>): Promise<() => Promise<Answer>> {
      const log = nodes[0].nest.get(EventLog);
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
});

/** Answers alternate between the two bodies. */
function expectOneBodyToWin(answers: readonly Answer[], status: 200 | 201): void {
  const winner = answers.findIndex((answer) => !isReplayed(answer) && answer.status === status) % 2;
  expect(answers.map((answer) => answer.status === status)).toEqual(answers.map((_, at) => at % 2 === winner));
  expectOneFirst(
    answers.filter((_, at) => at % 2 === winner),
    status,
  );
  for (const [at, answer] of answers.entries()) {
    if (at % 2 !== winner) expectProblem(answer, 422, 'idempotency-key-reused');
  }
}
