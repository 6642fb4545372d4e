import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectReplay, someKey } from '../idempotency/keys.js';
import type { Answer, Client } from '../support/client.js';
import { eventually } from '../../packages/core/test/support/eventually.js';
import { expectDone, expectNothingStored, expectProblem } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { makeAttemptsOlder, runSql } from '../../packages/core/test/support/stored-rows.js';
import { TestApp } from '../support/test-app.js';
import { useApp } from '../support/use-app.js';

const NEW_PASSWORD = 'another correct horse';
const isIn = async (client: Client): Promise<boolean> => (await client.get('/orders?limit=1')).status === 200;
const expectVoid = async (client: Client): Promise<void> =>
  expectProblem(await client.get('/orders?limit=1'), 401, 'token-invalid');

const here = useApp('sqlite');

describe('sessions', () => {
  let ann: Person;
  /** The same user, signed in once more. */
  let again: Person;

  beforeEach(async () => {
    ann = await here.app.customer();
    again = await here.app.signIn(ann);
  });

  it('end individually', async () => {
    const { status, text } = await ann.delete('/sessions/current');
    expect([status, text]).toEqual([204, '']);
    await expectVoid(ann);
    expectProblem(await ann.delete('/sessions/current'), 401, 'token-invalid');
    expect(await isIn(again)).toBe(true);
  });

  it.each([
    ['all at once', () => again.delete(`${again.path}/sessions`)],
    ['by an operator', () => here.operator.delete(`${ann.path}/sessions`)],
    ['by a new role', () => here.operator.put(`${ann.path}/roles/operator`)],
    ['by a revoked role', () => here.operator.delete(`${ann.path}/roles/customer`)],
    [
      'by a new password',
      () => again.put(`${ann.path}/password`, { currentPassword: ann.password, newPassword: NEW_PASSWORD }),
    ],
  ])('end %s, here and on another node', async (_, end: () => Promise<Answer>) => {
    const node = await TestApp.start(here.app.database, { ROLE: 'api' });
    const there = node.personOf(ann);
    expect(await isIn(there)).toBe(true);

    expect((await end()).status).toBeLessThan(300);

    await expectVoid(ann);
    await expectVoid(again);
    await eventually(() => expectVoid(there));
    await node.close();
  });

  it('are checked in the log, not in a read model that lags or is missing', async () => {
    const olga = await here.app.newOperator();
    expect((await here.operator.post('/subscriptions/users.user-view/pause')).status).toBe(202);
    const held = await here.operator.delete(`${olga.path}/roles/operator`);
    expect(held.status).toBe(200);

    expectProblem(await olga.put(`${olga.path}/roles/operator`), 401, 'token-invalid');
    expectProblem(await (await here.app.signIn(olga)).get('/users'), 403, 'forbidden');
    await here.operator.post('/subscriptions/users.user-view/resume');
  });

  it('begin only with the new password', async () => {
    const changed = await ann.put(`${ann.path}/password`, { currentPassword: ann.password, newPassword: NEW_PASSWORD });
    expectDone(changed, 200, { userId: ann.userId });
    expect(changed.headers['leftfold-position']).toBeDefined();
    const wrong = await here.app.anyone.post('/sessions', { email: ann.email, password: ann.password });
    expectProblem(wrong, 401, 'wrong-credentials');
    expect(await isIn(await here.app.signIn(ann.with(NEW_PASSWORD)))).toBe(true);
    expect(
      await runSql(here.app.database.url, `select * from credentials where user_id = '${ann.userId}'`),
    ).toHaveLength(1);
  });

  it('begin with a new password also when the answer to its change was lost; a repeat with the key is answered', async () => {
    const [key, change] = [someKey(), { currentPassword: ann.password, newPassword: NEW_PASSWORD }];
    const first = await ann.put(`${ann.path}/password`, change, key);
    const renewed = await here.app.signIn(ann.with(NEW_PASSWORD));

    expectReplay(await renewed.put(`${ann.path}/password`, change, key), first);

    expect((await here.app.signIn(ann.with(NEW_PASSWORD))).userId).toBe(ann.userId);
    expectProblem(await renewed.put(`${ann.path}/password`, change), 401, 'wrong-credentials');
  });
});

describe('passwords and addresses', () => {
  it.each([
    ['password', () => ({ newPassword: NEW_PASSWORD })],
    ['email', () => ({ email: someNames().email })],
  ])('the %s changes only with the current password', async (what, body) => {
    const ann = await here.app.customer();
    const answer = await expectNothingStored(here.app, () =>
      ann.put(`${ann.path}/${what}`, { ...body(), currentPassword: 'wrong horse' }),
    );
    expectProblem(answer, 401, 'wrong-credentials');
    expect(await isIn(ann)).toBe(true);
    expect((await ann.put(`${ann.path}/${what}`, { ...body(), currentPassword: ann.password })).status).toBe(200);
  });

  it('a forgotten password: the last mail has a token that works once', async () => {
    const [ann, nobody] = [await here.app.customer(), someNames()];
    const ask = async (email: string): Promise<Answer> => here.app.anyone.post('/password-resets', { email });
    const known = await ask(ann.email.toUpperCase());
    const unknown = await ask(nobody.email);
    expect([known.status, known.text]).toEqual([202, '']);
    expect([unknown.status, unknown.text]).toEqual([202, '']);
    expect(Object.keys(known.headers).toSorted()).toEqual(Object.keys(unknown.headers).toSorted());
    const first = await tokenFor(ann.email, 1);
    // The mail may be there before the request for it is counted.
    await eventually(async () => expect(Number((await ask(ann.email)).headers['retry-after'])).toBeGreaterThan(60));
    await makeAttemptsOlder(here.app.database.url, 60 * 60_000);
    await ask(ann.email);
    const token = await tokenFor(ann.email, 2, first);

    const redeem = (given: string): Promise<Answer> =>
      here.app.anyone.post('/password-resets/redemption', { token: given, newPassword: NEW_PASSWORD });
    for (const wrong of [first, 'a.b.c', `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`]) {
      expectProblem(await redeem(wrong), 401, 'token-invalid');
    }
    expectDone(await redeem(token), 200, { userId: ann.userId });
    expectProblem(await redeem(token), 401, 'token-invalid');
    await expectVoid(ann);
    expect(await isIn(await here.app.signIn(ann.with(NEW_PASSWORD)))).toBe(true);
  });

  /** Waits until the address has this many mails. */
  async function tokenFor(email: string, count: number, other = ''): Promise<string> {
    const folder = join(here.app.database.folder, 'outbox');
    let tokens: string[] = [];
    await eventually(async () => {
      const mails = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
      tokens = mails
        .filter((mail) => mail.includes(`To: ${email}`) && mail.includes('new password'))
        .map((mail) => /^[\w-]{36}\.[\w-]{36}\.[\w-]+$/m.exec(mail.replaceAll('\r', '').replaceAll('=\n', ''))![0]);
      expect(tokens).toHaveLength(count);
    });
    return tokens.find((token) => token !== other)!;
  }
});
