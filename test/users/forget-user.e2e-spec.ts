import { newSigningKey, parseSigningKey, parseVerifierKey, Sealed, verifyCertificate } from '@leftfold/proofs';
import type { EventItem } from '../../packages/http/src/history/event-item.js';
import { addProduct, expectStatus, orderOf, place } from '../orders/shop.js';
import { type Answer, type Client, since } from '../support/client.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import { NOBODY, type Person, someNames } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { usersWithHash } from '../../packages/core/test/support/stored-rows.js';

const KEY = newSigningKey('log.example');
const KEYS = [parseVerifierKey(parseSigningKey(KEY).verifier)];
const REASON = 'asked by letter';

describe.each(DATABASE_KINDS)('a user is forgotten on %s', (kind) => {
  let app: TestApp;
  let operator: Person;

  beforeAll(async () => {
    app = await TestApp.start(kind, { RATE_LIMITS: 'off', PROOF_KEY: KEY, READ_WAIT_LIMIT: '20s' });
    operator = await app.operator();
    // A certificate names the last checkpoint before the forgetting.
    await app.nest.get(Sealed, { strict: false }).waitFor(1, 20_000);
  });

  afterAll(() => app.close());

  const erase = (by: Client, user: Person, body: object, headers = {}): Promise<Answer> =>
    by.post(`${user.path}/erasure`, body, headers);
  const itemsOf = (answer: Answer): EventItem[] => (expectStatus(answer, 200).body as { items: EventItem[] }).items;

  describe('by themselves', () => {
    let ann: Person;
    let orderId: string;
    let answer: Answer;

    beforeAll(async () => {
      ann = await app.customer();
      const { username, email } = someNames();
      await ann.change('username', username);
      await ann.change('email', email);
      orderId = await place(ann, { sku: await addProduct(app, 10), quantity: 2 });
      expectStatus(await ann.post(`/orders/${orderId}/cancellation`, { reason: `I am ${ann.username}` }), 200);
      answer = await erase(ann, ann, { password: ann.password });
    });

    it('and get a certificate that is verified without the application', () => {
      const { userId, certificate } = expectStatus(answer, 200).body as { userId: string; certificate: object };
      expect(userId).toBe(ann.userId);
      const { position } = placeOf(answer);
      const verified = verifyCertificate(JSON.stringify(certificate), { keys: KEYS });
      expect(verified.before).toBeGreaterThan(0);
      expect(verified.before).toBeLessThan(position);
      expect(certificate).toMatchObject({
        subject: ann.userId,
        position,
        fields: {
          'orders.order-cancelled': ['reason'],
          'users.email-changed': ['email', 'previousEmail'],
          'users.user-registered': ['email', 'username'],
          'users.username-changed': ['previousUsername', 'username'],
        },
        events: { count: 4 },
      });
      expect(JSON.stringify(certificate)).not.toContain(ann.username);
    });

    it('are signed out, and can not sign in', async () => {
      expectProblem(await ann.get('/users/me'), 401, 'token-invalid');
      const { email, password } = ann;
      expectProblem(await app.anyone.post('/sessions', { email, password }), 401, 'wrong-credentials');
      expect(await usersWithHash(app.database.url)).not.toContain(ann.userId);
    });

    it.each<[string, (path: string) => Promise<Answer>]>([
      ['GET', (path) => operator.get(path)],
      ['GET ?version=1', (path) => operator.get(`${path}?version=1`)],
      ['GET personal-data', (path) => operator.get(`${path}/personal-data`)],
      ['DELETE sessions', (path) => operator.delete(`${path}/sessions`)],
      ['POST reversion', (path) => operator.post(`${path}/reversion`, { toVersion: 1 })],
      ['PUT roles', (path) => operator.put(`${path}/roles/operator`)],
      ['DELETE roles', (path) => operator.delete(`${path}/roles/auditor`)],
    ])('are gone for operators: %s', async (_, ask) => {
      expectProblem(await expectNothingStored(app, () => ask(ann.path)), 410, 'user-forgotten');
    });

    it('do not exist for others, and are in no list', async () => {
      expectProblem(await (await app.customer()).get(ann.path), 404, 'user-not-found');
      const listed = expectStatus(await operator.get('/users?limit=200', since(answer)), 200);
      expect(listed.text).not.toContain(ann.userId);
    });

    it('leave a history without the fields, which names them', async () => {
      const [registered, ...later] = itemsOf(await operator.get(`${ann.path}/history`));
      expect(registered).toMatchObject({ type: 'users.user-registered', forgotten: ['username', 'email'] });
      expect(registered!.data).toEqual({ userId: ann.userId });
      expect(later.at(-1)).toMatchObject({
        type: 'users.user-forgotten',
        data: { userId: ann.userId, reason: null },
      });
      expect(later.at(-1)).not.toHaveProperty('forgotten');
      const streams = itemsOf(await operator.get(`/streams/user-${ann.userId}?limit=200`));
      expect(streams[0]).toMatchObject({ forgotten: ['username', 'email'] });
      const logged = itemsOf(await operator.get(`/events?after=${registered!.position - 1}&limit=1`));
      expect(logged[0]).toMatchObject({ data: { userId: ann.userId }, forgotten: ['username', 'email'] });
    });

    it('leave an order with what accounts need, without what they wrote', async () => {
      const order = await orderOf(operator, orderId);
      expect(order).toMatchObject({ customerId: ann.userId, status: 'cancelled', reason: null });
      expect(order.total.amount).toBeGreaterThan(0);
      const etag = `"${order.version}"`;
      const again = await operator.get(`/orders/${orderId}`, { 'if-none-match': etag });
      expect(again).toMatchObject({ status: 200, headers: { etag }, body: { reason: null } });
      const past = expectStatus(await operator.get(`/orders/${orderId}?version=${order.version}`), 200);
      expect(past.body).toMatchObject({ status: 'cancelled', reason: null });
      const history = itemsOf(await operator.get(`/orders/${orderId}/history`));
      const cancelled = history.find(({ type }) => type === 'orders.order-cancelled');
      expect(cancelled).toMatchObject({ forgotten: ['reason'] });
      const statistics = expectStatus(await operator.get(`${ann.path}/order-statistics`), 200);
      expect(statistics.body).toMatchObject({ orders: 1 });
    });

    it('leave their names to the next user', async () => {
      const { username, email } = ann;
      const next = await app.customer({ username, email });
      expect(next.userId).not.toBe(ann.userId);
      expect(expectStatus(await next.get('/users/me', since(next.signedIn)), 200).body).toMatchObject({
        username,
        email,
      });
    });
  });

  describe('by an operator', () => {
    let ann: Person;
    let first: Answer;

    beforeAll(async () => {
      ann = await app.customer();
      first = await erase(operator, ann, { reason: REASON }, { 'idempotency-key': 'once' });
    });

    it('who gives a reason, which is kept', async () => {
      expectStatus(first, 200);
      const history = itemsOf(await operator.get(`${ann.path}/history`));
      expect(history.at(-1)).toMatchObject({ actor: operator.userId, data: { reason: REASON } });
    });

    it('and again: with the same certificate, byte by byte', async () => {
      const again = await expectNothingStored(app, () => erase(operator, ann, { reason: 'another one' }));
      expect(again.text).toBe(expectStatus(first, 200).text);
      expect(placeOf(again)).toEqual(placeOf(first));
      const repeated = await erase(operator, ann, { reason: REASON }, { 'idempotency-key': 'once' });
      expect(repeated.text).toBe(first.text);
      expect(repeated.headers['idempotent-replayed']).toBe('true');
      const others = await Promise.all([1, 2, 3].map(() => erase(operator, ann, { reason: REASON })));
      expect(new Set(others.map(({ text }) => text))).toEqual(new Set([first.text]));
    });
  });

  it('not, when the request is not in order', async () => {
    const ann = await app.customer();
    const [other, auditor] = [await app.customer(), await app.customer()];
    await operator.put(`${auditor.path}/roles/auditor`);
    const refused = async (by: Client, body: object): Promise<Answer> =>
      expectNothingStored(app, () => erase(by, ann, body));

    expectProblem(await refused(ann, { password: 'not the password' }), 401, 'wrong-credentials');
    expectProblem(await refused(ann, {}), 400, 'validation-failed', { fields: ['password'] });
    expectProblem(await refused(ann, { reason: REASON }), 400, 'validation-failed', { fields: ['reason'] });
    expectProblem(await refused(operator, {}), 400, 'validation-failed', { fields: ['reason'] });
    const both = { password: ann.password, reason: REASON };
    expectProblem(await refused(operator, both), 400, 'validation-failed', { fields: ['password'] });
    expectProblem(await refused(other, { reason: REASON }), 404, 'user-not-found');
    expectProblem(await refused(await app.signIn(auditor), { reason: REASON }), 403, 'forbidden');
    expectProblem(await operator.post(`/users/${NOBODY}/erasure`, { reason: REASON }), 404, 'user-not-found');
    expectStatus(await ann.get('/users/me', since(ann.signedIn)), 200);
  });

  it('not, when nobody could operate any more', async () => {
    const own = { password: operator.password };
    expectProblem(await expectNothingStored(app, () => erase(operator, operator, own)), 409, 'last-operator');

    const two = [operator, await app.newOperator()] as const;
    const [one, other] = two;
    const answers = await Promise.all([erase(one, other, { reason: REASON }), erase(other, one, { reason: REASON })]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refused = (answers.find(({ status }) => status !== 200)!.body as { type: string }).type;
    expect(['last-operator', 'token-invalid']).toContain(refused);
  });
});
