import type { Answer, Headers } from '../support/client.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { expectFirst, expectOneFirst, expectReplay, isReplayed, outcomeOf, someKey } from './keys.js';

const MANY = 20;

/** Sends a command by one of the nodes. */
type Send = (number: number, headers: Headers) => Promise<Answer>;

describe.each(DATABASE_KINDS)('on %s', (kind) => {
  let database: TestDatabase;
  let nodes: [TestApp, TestApp];

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    nodes = [await TestApp.start(database), await TestApp.start(database)];
    await nodes[0].operator();
  });

  afterAll(async () => {
    for (const node of nodes) await node.close();
    await database.drop();
  });

  /** How many of the nodes are asked in turn. */
  describe.each([
    ['one node', 1],
    ['two nodes', 2],
  ])('%s asked many times at once', (_what, count) => {
    const app = (number: number): TestApp => nodes[number % count]!;

    const COMMANDS: Record<string, { status: 200 | 201; setUp: () => Promise<Send> }> = {
      'POST /users': {
        status: 201,
        setUp: async () => {
          const names = someNames();
          return (number, headers) => app(number).anyone.post('/users', names, headers);
        },
      },
      'PUT /users/:userId/username': {
        status: 200,
        setUp: async () => {
          const [ann, { username }] = [await nodes[0].customer(), someNames()];
          return (number, headers) => app(number).personOf(ann).put(`${ann.path}/username`, { username }, headers);
        },
      },
      'POST /users/:userId/reversion': {
        status: 200,
        setUp: async () => {
          const ann = await nodes[0].customer();
          await ann.put(`${ann.path}/email`, { email: someNames().email });
          return (number, headers) =>
            app(number).personOf(ann).post(`${ann.path}/reversion`, { toVersion: 1 }, headers);
        },
      },
      'PUT /users/:userId/roles/:role': {
        status: 200,
        setUp: async () => {
          const [{ userId }, operator] = [await nodes[0].register(), await nodes[0].operator()];
          return (number, headers) =>
            app(number).personOf(operator).put(`/users/${userId}/roles/operator`, undefined, headers);
        },
      },
    };

    it.each(Object.keys(COMMANDS))('with one key answers all the same, and stores one event: %s', async (name) => {
      const { status, setUp } = COMMANDS[name]!;
      const [send, key] = [await setUp(), someKey()];
      const [before, hashes] = [await nodes[0].head(), await hashCount()];

      const answers = await Promise.all(Array.from({ length: MANY }, (_, number) => send(number, key)));

      const first = expectOneFirst(answers, status);
      expect(placeOf(first).position).toBe(before + 1);
      expect(await nodes[0].head()).toBe(before + 1);
      expect((await hashCount()) - hashes).toBe(name === 'POST /users' ? 1 : 0);
    });

    it('with one key and no change to make answers all the same, and stores nothing', async () => {
      const [ann, key] = [await nodes[0].customer(), someKey()];

      const answers = await expectNothingStored(nodes[0], () =>
        Promise.all(
          Array.from({ length: MANY }, (_, number) =>
            app(number).personOf(ann).put(`${ann.path}/username`, { username: ann.username }, key),
          ),
        ),
      );

      expectOneFirst(answers, 200);
    });

    it('with one key and two bodies answers one of them, and refuses the other: a registration', async () => {
      const bodies = [someNames(), someNames()];
      const [key, before, hashes] = [someKey(), await nodes[0].head(), await hashCount()];

      const answers = await Promise.all(
        Array.from({ length: MANY }, (_, number) => app(number >> 1).anyone.post('/users', bodies[number % 2], key)),
      );

      expectOneBodyToWin(answers, 201);
      expect(await nodes[0].head()).toBe(before + 1);
      expect(await hashCount()).toBe(hashes + 1);
    });

    it('with one key and two bodies answers one of them, and refuses the other: a change', async () => {
      const [ann, key] = [await nodes[0].customer(), someKey()];
      const bodies = [{ email: someNames().email }, { email: someNames().email }];
      const before = await nodes[0].head();

      const answers = await Promise.all(
        Array.from({ length: MANY }, (_, number) =>
          app(number >> 1)
            .personOf(ann)
            .put(`${ann.path}/email`, bodies[number % 2], key),
        ),
      );

      expectOneBodyToWin(answers, 200);
      expect(await nodes[0].head()).toBe(before + 1);
    });

    it('with one key and one If-Match answers all the same', async () => {
      const [ann, { username }] = [await nodes[0].customer(), someNames()];
      const headers = { ...someKey(), 'if-match': ann.signedIn.headers.etag! };

      const answers = await Promise.all(
        Array.from({ length: MANY }, (_, number) =>
          app(number).personOf(ann).put(`${ann.path}/username`, { username }, headers),
        ),
      );

      expectOneFirst(answers, 200);
    });

    it('with a key each decides each', async () => {
      const [ann, before] = [await nodes[0].customer(), await nodes[0].head()];

      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, number) =>
          app(number).personOf(ann).put(`${ann.path}/username`, { username: someNames().username }, someKey()),
        ),
      );

      for (const answer of answers) expectFirst(answer, 200);
      expect(await nodes[0].head()).toBe(before + 6);
    });
  });

  it('what one node answered, the other repeats', async () => {
    const [names, key] = [someNames(), someKey()];
    const first = expectFirst(await nodes[0].anyone.post('/users', names, key), 201);

    const answers = await expectNothingStored(nodes[0], async () => [
      await nodes[1].anyone.post('/users', names, key),
      await nodes[1].anyone.post('/users', { ...names, email: someNames().email }, key),
    ]);

    expectReplay(answers[0]!, first);
    expectProblem(answers[1]!, 422, 'idempotency-key-reused');
  });

  async function hashCount(): Promise<number> {
    return (await runSql(database.url, 'select 1 from credentials')).length;
  }
});

/** Every second answer is to the one body, the others are to the other. */
function expectOneBodyToWin(answers: readonly Answer[], status: 200 | 201): void {
  const winner = answers.findIndex((answer) => !isReplayed(answer) && answer.status === status) % 2;
  expect(answers.map((answer) => answer.status === status)).toEqual(answers.map((_, at) => at % 2 === winner));
  const first = expectOneFirst(
    answers.filter((_, at) => at % 2 === winner),
    status,
  );
  expect(outcomeOf(first)).toMatchObject({ status });
  for (const [at, answer] of answers.entries()) {
    if (at % 2 !== winner) expectProblem(answer, 422, 'idempotency-key-reused');
  }
}
