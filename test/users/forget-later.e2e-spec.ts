import { newSigningKey } from '@leftfold/proofs';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { pauseWholly, USER_VIEW } from '../operations/operating.js';
import { expectStatus } from '../orders/shop.js';
import { expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';

const BODY = { reason: 'asked by letter' };

describe('a forgetting that takes longer than a request waits', () => {
  let app: TestApp;
  let operator: Person;

  beforeAll(async () => {
    app = await TestApp.start('sqlite', { PROOF_KEY: newSigningKey('log.example'), READ_WAIT_LIMIT: '250ms' });
    operator = await app.operator();
  });

  afterAll(() => app.close());

  it.each([
    ['the keys are not deleted yet', 'leftfold.forget'],
    ['a read model is behind', USER_VIEW],
    ['no checkpoint covers it yet', 'proofs.seal'],
  ])('is answered by 202 while %s, and by the certificate when it is done', async (_why, subscription) => {
    const ann = await app.customer();
    await app.caughtUpWith(ann.signedIn);
    const erase = () => operator.post(`${ann.path}/erasure`, BODY, { 'idempotency-key': subscription });
    await pauseWholly(operator, subscription);

    const accepted = await erase();

    expect(expectStatus(accepted, 202).body).toEqual({ userId: ann.userId });
    expect(accepted.headers['leftfold-sealed']).toBe('false');
    // The user is forgotten already; only copies are left.
    expectProblem(await ann.get('/users/me'), 401, 'token-invalid');
    const still = await expectNothingStored(app, erase);
    expect(expectStatus(still, 202).body).toEqual({ userId: ann.userId });

    expectStatus(await operator.post(`/subscriptions/${subscription}/resume`), 202);
    const done = await eventually(async () => expectStatus(await erase(), 200));

    const { position } = placeOf(accepted);
    expect(done.body).toMatchObject({ userId: ann.userId, certificate: { subject: ann.userId, position } });
    expect(done.headers['leftfold-sealed']).toBeUndefined();
    expect(placeOf(done)).toEqual(placeOf(accepted));
    expectProblem(await operator.get(ann.path), 410, 'user-forgotten');
  });
});
