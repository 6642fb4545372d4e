import { since } from '../support/client.js';
import { expectDone, expectEvent, expectNothingStored, expectProblem, placeOf } from '../support/expectations.js';
import { useApp } from '../support/use-app.js';

describe('roles', () => {
  const here = useApp('sqlite');

  const roleOf = ({ userId }: { userId: string }, role = 'operator'): string => `/users/${userId}/roles/${role}`;
  const rolesOf = async ({ userId }: { userId: string }, headers: Record<string, string>): Promise<unknown> =>
    ((await here.operator.get(`/users/${userId}`, headers)).body as { roles: unknown }).roles;

  it('are granted and revoked, each once', async () => {
    const { userId, registered } = await here.app.register();
    const [data, path] = [{ userId, role: 'operator' }, roleOf({ userId })];
    const never = await expectNothingStored(here.app, () => here.operator.delete(path));
    expect(expectDone(never, 200, { userId })).toEqual(placeOf(registered));

    const granted = await here.operator.put(path);
    expect(expectDone(granted, 200, { userId }).version).toBe(2);
    await expectEvent(here.app, granted, { actor: here.operator.userId, type: 'users.role-granted', data });
    expect(await rolesOf({ userId }, since(granted))).toEqual(['customer', 'operator']);
    await here.app.register();
    const again = await expectNothingStored(here.app, () => here.operator.put(path));
    expect(expectDone(again, 200, { userId })).toEqual(placeOf(granted));

    const revoked = await here.operator.delete(path);
    expect(expectDone(revoked, 200, { userId }).version).toBe(3);
    await expectEvent(here.app, revoked, { actor: here.operator.userId, type: 'users.role-revoked', data });
    expect(await rolesOf({ userId }, since(revoked))).toEqual(['customer']);
  });

  it('include that of a customer, which every user has, and which can be revoked and granted', async () => {
    const { userId, registered } = await here.app.register();
    const had = await expectNothingStored(here.app, () => here.operator.put(roleOf({ userId }, 'customer')));
    expect(expectDone(had, 200, { userId })).toEqual(placeOf(registered));

    const revoked = await here.operator.delete(roleOf({ userId }, 'customer'));
    expectDone(revoked, 200, { userId });
    expect(await rolesOf({ userId }, since(revoked))).toEqual([]);

    const granted = await here.operator.put(roleOf({ userId }, 'customer'));
    expectDone(granted, 200, { userId });
    expect(await rolesOf({ userId }, since(granted))).toEqual(['customer']);
  });

  it('apply from the next token on, at once', async () => {
    const ann = await here.app.register();
    await here.operator.put(roleOf(ann));

    expect((await (await here.app.signIn(ann)).get('/events')).status).toBe(200);
  });

  it('of a new token apply; earlier tokens are void', async () => {
    const ann = await here.app.customer();
    expectProblem(await ann.get('/events'), 403, 'forbidden', { instance: '/events' });

    await here.operator.put(roleOf(ann));
    expectProblem(await ann.get('/events'), 401, 'token-invalid', { instance: '/events' });
    const operator = await here.app.signIn(ann);
    expect((await operator.get('/events')).status).toBe(200);

    await here.operator.delete(roleOf(ann));
    for (const path of ['/events', '/users', here.operator.path]) {
      expectProblem(await operator.get(path), 401, 'token-invalid');
    }
    expectProblem(await operator.put(roleOf(ann)), 401, 'token-invalid');
    expectProblem(await (await here.app.signIn(ann)).put(roleOf(ann)), 403, 'forbidden');
  });

  it('can be given up by their holders', async () => {
    const ann = await here.app.newOperator();

    expectDone(await ann.delete(roleOf(ann)), 200, { userId: ann.userId });
  });

  it.each(['put', 'delete'] as const)('%s: on the version in If-Match', async (method) => {
    const ann = await here.app.register();
    const role = roleOf(ann, method === 'put' ? 'operator' : 'customer');

    const stale = await expectNothingStored(here.app, () =>
      here.operator.send(method, role, undefined, { 'if-match': '"2"' }),
    );

    expectProblem(stale, 412, 'version-conflict', { detail: /\bactual version is 1\b/ });
    expectDone(await here.operator.send(method, role, undefined, { 'if-match': '"1"' }), 200, { userId: ann.userId });
  });
});
