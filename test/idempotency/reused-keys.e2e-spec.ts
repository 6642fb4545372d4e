import type { Answer, Headers } from '../support/client.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { type Names, someNames } from '../support/people.js';
import { useApp } from '../support/use-app.js';
import { expectFirst, expectReplay, someKey } from './keys.js';

describe('a key that is reused for another request', () => {
  // Lets a test set the address of a request.
  const here = useApp('sqlite', { TRUST_PROXY: 'true' });

  describe('belongs to the first body:', () => {
    let key: Headers;
    let names: Names;
    let first: Answer;

    beforeEach(async () => {
      [names, key] = [someNames(), someKey()];
      first = expectFirst(await here.app.anyone.post('/users', names, key), 201);
    });

    it.each([
      ['another value', () => ({ ...names, username: someNames().username })],
      ['another spelling', () => ({ ...names, email: names.email.toUpperCase() })],
      ['blanks that would be taken off', () => ({ ...names, email: ` ${names.email}` })],
      ['names that another user has', () => ({ ...names, email: here.ann.email })],
    ])('%s is refused', async (_what, body) => {
      const answer = await expectNothingStored(here.app, () => here.app.anyone.post('/users', body(), key));

      expectProblem(answer, 422, 'idempotency-key-reused', { instance: '/users' });
      expect(answer.headers['idempotent-replayed']).toBeUndefined();
      expectReplay(await here.app.anyone.post('/users', names, key), first);
    });

    it.each([
      ['another order of fields', ({ username, email, password }: Names) => ({ password, email, username })],
      ['other blanks between them', (body: Names) => `\n${JSON.stringify(body, null, 7)}\r\n\t`],
      ['other escapes', (body: Names) => JSON.stringify(body).replaceAll('A', '\\u0041').replaceAll('@', '\\u0040')],
      ['another password, which is a secret', (body: Names) => ({ ...body, password: 'a password of their own' })],
    ])('%s makes no different body', async (_what, written) => {
      const answer = await expectNothingStored(here.app, () => here.app.anyone.post('/users', written(names), key));

      expectReplay(answer, first);
    });

    it('an invalid body is refused, and the first is still answered', async () => {
      const invalid = await here.app.anyone.post('/users', { ...names, email: 'nowhere' }, key);

      expectProblem(invalid, 400, 'validation-failed', { fields: ['email'] });
      expectReplay(await here.app.anyone.post('/users', names, key), first);
    });

    it('a change and a reversion: another one is refused', async () => {
      const own = [someKey(), someKey()] as const;
      const change = (username: string) => here.ann.put(`${here.ann.path}/username`, { username }, own[0]);
      const revert = (toVersion: number) => here.ann.post(`${here.ann.path}/reversion`, { toVersion }, own[1]);
      const { username } = someNames();
      const changed = expectFirst(await change(username), 200);
      expectFirst(await revert(1), 200);

      await expectNothingStored(here.app, async () => {
        const instance = `${here.ann.path}/username`;
        expectProblem(await change(someNames().username), 422, 'idempotency-key-reused', { instance });
        expectProblem(await revert(3), 422, 'idempotency-key-reused');
      });
      expectReplay(await change(username), changed);
    });
  });

  describe('is another key', () => {
    it('of another caller', async () => {
      const [other, { userId }, key] = [await here.app.newOperator(), await here.app.register(), someKey()];
      const path = `/users/${userId}/roles/operator`;
      const first = expectFirst(await here.operator.put(path, undefined, key), 200);
      await here.operator.delete(path);

      const others = expectFirst(await other.put(path, undefined, key), 200);

      expectReplay(await here.operator.put(path, undefined, key), first);
      expectReplay(await other.put(path, undefined, key), others);
    });

    it('of another address, without sign-in', async () => {
      const [names, others, key] = [someNames(), someNames(), someKey()];
      const from = (address: string): Headers => ({ ...key, 'x-forwarded-for': address });
      const first = expectFirst(await here.app.anyone.post('/users', names, from('203.0.113.1')), 201);

      const second = expectFirst(await here.app.anyone.post('/users', others, from('203.0.113.2')), 201);

      expectReplay(await here.app.anyone.post('/users', names, from('203.0.113.1')), first);
      expectReplay(await here.app.anyone.post('/users', others, from('203.0.113.2')), second);
      expectProblem(await here.app.anyone.post('/users', names, from('203.0.113.3')), 409, 'email-taken');
    });

    it('of another method', async () => {
      const [{ userId }, key] = [await here.app.register(), someKey()];
      const path = `/users/${userId}/roles/operator`;
      const granted = expectFirst(await here.operator.put(path, undefined, key), 200);

      const revoked = expectFirst(await here.operator.delete(path, key), 200);

      expectReplay(await here.operator.put(path, undefined, key), granted);
      expectReplay(await here.operator.delete(path, key), revoked);
    });

    it('of another path', async () => {
      const [ann, bob, key, { username }] = [
        await here.app.register(),
        await here.app.register(),
        someKey(),
        someNames(),
      ];
      const grant = ({ userId }: { userId: string }, role = 'operator'): Promise<Answer> =>
        here.operator.put(`/users/${userId}/roles/${role}`, undefined, key);
      const first = expectFirst(await grant(ann), 200);

      const second = expectFirst(await grant(bob), 200);
      expectFirst(await here.operator.put(`${here.operator.path}/username`, { username }, key), 200);

      expect(second.body).toEqual({ userId: bob.userId });
      expectReplay(await grant(ann), first);
      expectReplay(await grant(bob), second);
      await here.operator.put(`${here.operator.path}/username`, { username: here.operator.username });
    });
  });

  it('is the same key for one caller, from any address, with a new token, and in any spelling of the id in the path', async () => {
    const [ann, key, { username }] = [await here.app.customer(), someKey(), someNames()];
    const from = (address: string): Headers => ({ ...key, 'x-forwarded-for': address });
    const first = expectFirst(await ann.put(`${ann.path}/username`, { username }, from('203.0.113.1')), 200);
    const again = await here.app.signIn(ann);

    const loud = `/users/${ann.userId.toUpperCase()}/username`;
    for (const path of [`${ann.path}/username`, loud]) {
      expectReplay(
        await expectNothingStored(here.app, () => again.put(path, { username }, from('203.0.113.2'))),
        first,
      );
    }
  });
});
