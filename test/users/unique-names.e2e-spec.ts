import type { Answer } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectProblem } from '../support/expectations.js';
import { type Names, type Person, someNames } from '../support/people.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';

describe.each(DATABASE_KINDS)('on %s', (kind) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    await app.operator();
  });

  afterAll(() => app.close());

  describe.each([
    { field: 'email', taken: 'email-taken' },
    { field: 'username', taken: 'username-taken' },
  ] as const)('a $field that many want at once', ({ field, taken }) => {
    const claim = (by: Person, value: string): Promise<Answer> => by.put(`${by.path}/${field}`, { [field]: value });

    it('goes to one of 20 who register with it, in whatever spelling', async () => {
      const wanted = someNames()[field];
      const asked = Array.from({ length: 20 }, (_, at) => ({ ...someNames(), [field]: spelling(wanted, at) }));
      const before = await hashes();

      const answers = await Promise.all(asked.map((names) => app.anyone.post('/users', names)));

      const winner = expectOneWinner(answers, 201, taken);
      const userId = (answers[winner]!.body as { userId: string }).userId;
      expect(await hashes()).toEqual([...before, userId].toSorted());
      expect((await app.signIn(asked[winner]!)).userId).toBe(userId);
    });

    it('goes to one of 8 who change to it', async () => {
      const people = await Promise.all(Array.from({ length: 8 }, () => app.customer()));
      const wanted = someNames()[field];

      const answers = await Promise.all(people.map((each, at) => claim(each, spelling(wanted, at))));

      expectOneWinner(answers, 200, taken);
    });

    it('goes to one of 2 who change to it, time and again', async () => {
      const [ann, bob] = [await app.customer(), await app.customer()];

      for (let round = 0; round < 10; round++) {
        const wanted = someNames()[field];
        expectOneWinner(await Promise.all([claim(ann, wanted), claim(bob, wanted)]), 200, taken);
      }
    });

    it('that was given up goes to one of 5 who register and 5 who change', async () => {
      const [ann, ...others] = await Promise.all(Array.from({ length: 6 }, () => app.customer()));
      const free = ann![field];
      expect((await claim(ann!, someNames()[field])).status).toBe(200);
      const newcomers: Names[] = Array.from({ length: 5 }, () => ({ ...someNames(), [field]: free }));
      const before = await hashes();

      const answers = await Promise.all([
        ...newcomers.map((names) => app.anyone.post('/users', names)),
        ...others.map((each) => claim(each, free)),
      ]);

      const winner = expectOneWinner(answers, undefined, taken);
      expect(await hashes()).toHaveLength(before.length + (winner < newcomers.length ? 1 : 0));
    });

    it('is nobody else’s while two change to what the other has', async () => {
      const [ann, bob] = [await app.customer(), await app.customer()];

      const answers = await Promise.all([claim(ann, bob[field]), claim(bob, ann[field])]);

      for (const answer of answers) expectProblem(answer, 409, taken);
    });
  });

  it('lets 20 register at once who want nothing of one another', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => app.anyone.post('/users', someNames())));

    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201));
    expect(new Set(answers.map(({ headers }) => headers['leftfold-position'])).size).toBe(20);
  });

  /** The ids that have a password hash, in order. */
  async function hashes(): Promise<string[]> {
    const rows = await runSql(app.database.url, 'select user_id from credentials');
    return rows.map(({ user_id: userId }) => String(userId)).toSorted();
  }
});

/** The same value in ever different case. */
function spelling(value: string, number: number): string {
  return Array.from(value, (letter, at) => (number & (1 << (at % 5)) ? letter.toUpperCase() : letter)).join('');
}

/** Answers which one it is. */
function expectOneWinner(answers: readonly Answer[], status: number | undefined, code: string): number {
  const winners = answers.flatMap((answer, at) => (answer.status < 300 ? [at] : []));
  expect(winners).toHaveLength(1);
  const winner = winners[0]!;
  if (status !== undefined) expect(answers[winner]!.status).toBe(status);
  for (const answer of answers.toSpliced(winner, 1)) expectProblem(answer, 409, code);
  return winner;
}
