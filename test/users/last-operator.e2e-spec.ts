import { DATABASE_KINDS } from '../support/databases.js';
import { expectDone, expectNothingStored, expectProblem } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

const ROUNDS = 6;

describe.each(DATABASE_KINDS)('the last operator on %s', (kind) => {
  let app: TestApp;

  beforeEach(async () => {
    app = await TestApp.start(kind);
  });

  afterEach(() => app.close());

  const revoke = (by: Person, from: Person) => by.delete(`${from.path}/roles/operator`);

  it('stays one', async () => {
    const olga = await app.operator();

    const answer = await expectNothingStored(app, () => revoke(olga, olga));

    expectProblem(answer, 409, 'last-operator', { instance: `${olga.path}/roles/operator` });
  });

  it('is the one that is left when the other has gone', async () => {
    const [olga, otto] = [await app.operator(), await app.newOperator()];
    expectDone(await revoke(olga, olga), 200, { userId: olga.userId });

    expectProblem(await revoke(otto, otto), 409, 'last-operator');
    expectDone(await otto.put(`${olga.path}/roles/operator`), 200, { userId: olga.userId });
    expectDone(await revoke(otto, otto), 200, { userId: otto.userId });
  });

  it.each([
    ['each other', (one: Person, other: Person) => [revoke(one, other), revoke(other, one)]],
    ['themselves', (one: Person, other: Person) => [revoke(one, one), revoke(other, other)]],
  ])('is left when two revoke %s at once', async (_whom, race) => {
    let [one, other] = [await app.operator(), await app.newOperator()];

    for (let round = 0; round < ROUNDS; round++) {
      const answers = await Promise.all(race(one, other));
      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused).toHaveLength(1);
      // Forbidden: by then the read model had heard that the other one was first.
      expect(['last-operator', 'forbidden']).toContain((refused[0]!.body as { type: string }).type);

      const revoked = (answers.find(({ status }) => status === 200)!.body as { userId: string }).userId;
      if (revoked === one.userId) [one, other] = [other, one];
      expectProblem(await revoke(one, one), 409, 'last-operator');
      expectDone(await one.put(`${other.path}/roles/operator`), 200, { userId: other.userId });
      other = await app.signIn(other);
    }
  });
});
