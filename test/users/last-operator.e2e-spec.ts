import type { Answer } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectDone, expectNothingStored, expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

const ROUNDS = 6;

describe.each(DATABASE_KINDS)('the last operator on %s', (kind) => {
  let app: TestApp;
  let olga: Person;

  beforeAll(async () => {
    app = await TestApp.start(kind);
    olga = await app.operator();
  });

  afterAll(() => app.close());

  const revoke = (by: Person, from: Person): Promise<Answer> => by.delete(`${from.path}/roles/operator`);

  it('stays one', async () => {
    const answer = await expectNothingStored(app, () => revoke(olga, olga));

    expectProblem(answer, 409, 'last-operator', { instance: `${olga.path}/roles/operator` });
  });

  it('is the remaining one after the other has lost the role', async () => {
    const otto = await app.newOperator();
    expectDone(await revoke(otto, otto), 200, { userId: otto.userId });

    expectProblem(await revoke(olga, olga), 409, 'last-operator');
  });

  it.each([
    ['each other', (one: Person, other: Person) => [revoke(one, other), revoke(other, one)]],
    ['themselves', (one: Person, other: Person) => [revoke(one, one), revoke(other, other)]],
  ])('remains when two concurrently revoke %s', async (_whom, race) => {
    const two = [olga, await app.newOperator()] as const;
    let [one, other] = two;

    for (let round = 0; round < ROUNDS; round++) {
      const answers = await Promise.all(race(one, other));
      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused).toHaveLength(1);
      // Token invalid: the other request was first.
      expect(['last-operator', 'token-invalid']).toContain((refused[0]!.body as { type: string }).type);

      const revoked = (answers.find(({ status }) => status === 200)!.body as { userId: string }).userId;
      if (revoked === one.userId) [one, other] = [other, one];
      one = await app.signIn(one);
      expectProblem(await revoke(one, one), 409, 'last-operator');
      expectDone(await one.put(`${other.path}/roles/operator`), 200, { userId: other.userId });
      other = await app.signIn(other);
    }

    // Only Olga, as before.
    [olga, other] = one.userId === olga.userId ? [one, other] : [other, one];
    expectDone(await revoke(olga, other), 200, { userId: other.userId });
  });
});
