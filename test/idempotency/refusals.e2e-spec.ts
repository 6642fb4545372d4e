import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { type Person, someNames } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { useApp } from '../support/use-app.js';
import { expectFirst, expectReplay, someKey } from './keys.js';

describe('a refusal is not stored: the same key may succeed later', () => {
  const here = useApp('sqlite');

  const keys = async (): Promise<number> =>
    (await runSql(here.app.database.url, 'select 1 from leftfold_commands')).length;

  it('409', async () => {
    const [ann, bob, key] = [await here.app.customer(), await here.app.customer(), someKey()];
    const take = () => ann.put(`${ann.path}/email`, { email: bob.email, currentPassword: ann.password }, key);
    const before = await keys();
    for (let time = 0; time < 2; time++) {
      const refused = await expectNothingStored(here.app, take);
      expectProblem(refused, 409, 'email-taken');
      expect(refused.headers['idempotent-replayed']).toBeUndefined();
    }
    expect(await keys()).toBe(before);
    await bob.put(`${bob.path}/email`, { email: someNames().email, currentPassword: bob.password });

    const first = expectFirst(await take(), 200);

    expectReplay(await take(), first);
    expect(await keys()).toBe(before + 1);
  });

  it('409, for a registration', async () => {
    const [ann, key] = [await here.app.customer(), someKey()];
    const names = { ...someNames(), username: ann.username };
    expectProblem(await here.app.anyone.post('/users', names, key), 409, 'username-taken');
    await ann.put(`${ann.path}/username`, { username: someNames().username });

    const first = expectFirst(await here.app.anyone.post('/users', names, key), 201);

    expectReplay(await here.app.anyone.post('/users', names, key), first);
    expect((await here.app.signIn(names)).userId).toBe((first.body as { userId: string }).userId);
  });

  it('400, with the body put right', async () => {
    const [ann, key, { email }] = [await here.app.customer(), someKey(), someNames()];
    expectProblem(
      await ann.put(`${ann.path}/email`, { email: 'nowhere', currentPassword: ann.password }, key),
      400,
      'validation-failed',
    );

    const first = expectFirst(await ann.put(`${ann.path}/email`, { email, currentPassword: ann.password }, key), 200);

    expectReplay(await ann.put(`${ann.path}/email`, { email, currentPassword: ann.password }, key), first);
  });

  it('403', async () => {
    const [ann, { userId }, key] = [await here.app.customer(), await here.app.register(), someKey()];
    const grant = (by: Person) => by.put(`/users/${userId}/roles/operator`, undefined, key);
    expectProblem(await grant(ann), 403, 'forbidden');
    await (await here.app.operator()).put(`${ann.path}/roles/operator`);
    const operator = await here.app.signIn(ann);

    const first = expectFirst(await grant(operator), 200);

    expectReplay(await grant(operator), first);
  });

  it('404', async () => {
    const [ann, key] = [await here.app.customer(), someKey()];
    const revert = () => ann.post(`${ann.path}/reversion`, { toVersion: 3 }, key);
    expectProblem(await revert(), 404, 'version-not-found');
    for (let version = 3; version <= 4; version++) {
      await ann.put(`${ann.path}/username`, { username: someNames().username });
    }

    const first = expectFirst(await revert(), 200);

    expectReplay(await revert(), first);
  });

  it('412, with the right version', async () => {
    const [ann, key, { username }] = [await here.app.customer(), someKey(), someNames()];
    const change = (version: string) =>
      ann.put(`${ann.path}/username`, { username }, { ...key, 'if-match': `"${version}"` });
    expectProblem(await expectNothingStored(here.app, () => change('1')), 412, 'version-conflict');

    const first = expectFirst(await change('2'), 200);

    expectReplay(await change('2'), first);
  });
});
