import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { someNames } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { useApp } from '../support/use-app.js';
import { expectFirst, expectReplay, someKey } from './keys.js';

const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(0x20 + at)).join('');

describe('Idempotency-Key', () => {
  const here = useApp('sqlite');

  it.each([
    ['1 character', 'k'],
    ['255 characters', 'k'.repeat(255)],
    ['all printable characters', `(${PRINTABLE})`],
  ])('may have %s', async (_what, text) => {
    const [key, { username }] = [{ 'idempotency-key': text }, someNames()];
    const first = expectFirst(await here.ann.put(`${here.ann.path}/username`, { username }, key), 200);

    expectReplay(await here.ann.put(`${here.ann.path}/username`, { username }, key), first);
  });

  it('differs from a longer one, and from one in other case', async () => {
    const [{ username }, key] = [someNames(), 'k'.repeat(254)];
    const change = (text: string) =>
      here.ann.put(`${here.ann.path}/username`, { username }, { 'idempotency-key': text });
    expectFirst(await change(`${key}a`), 200);

    for (const other of [key, `${key}b`, `${key}A`]) expectFirst(await change(other), 200);
  });

  it.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['256 characters', 'k'.repeat(256)],
    ['a tab', 'a\tb'],
    ['a letter of Latin-1', 'clé'],
    ['letters in UTF-8', Buffer.from('ключ', 'utf8').toString('latin1')],
  ])('is refused with %s', async (_what, text) => {
    await expectNothingStored(here.app, async () => {
      for (const refused of [
        await here.ann.put(
          `${here.ann.path}/username`,
          { username: someNames().username },
          { 'idempotency-key': text },
        ),
        await here.app.anyone.post('/users', someNames(), { 'idempotency-key': text }),
        await here.operator.delete(`${here.ann.path}/roles/customer`, { 'idempotency-key': text }),
      ]) {
        expectProblem(refused, 400, 'validation-failed', { fields: ['Idempotency-Key'] });
      }
    });
  });

  it('is ignored by queries', async () => {
    await here.app.caughtUpWith(here.ann.signedIn);
    const before = await keys();

    for (const key of [someKey(), { 'idempotency-key': 'k'.repeat(256) }, { 'idempotency-key': '' }]) {
      for (let time = 0; time < 2; time++) {
        const answer = await here.ann.get('/users/me', key);
        expect(answer.status).toBe(200);
        expect(answer.headers['idempotent-replayed']).toBeUndefined();
      }
    }
    expect(await keys()).toBe(before);
  });

  it('is never stored readably', async () => {
    const key = someKey();
    expectFirst(await here.ann.put(`${here.ann.path}/username`, { username: someNames().username }, key), 200);

    const rows = JSON.stringify(await runSql(here.app.database.url, 'select * from leftfold_commands'));

    expect(rows).toContain(here.ann.userId);
    expect(rows).not.toContain(key['idempotency-key']);
  });

  const keys = async (): Promise<number> =>
    (await runSql(here.app.database.url, 'select 1 from leftfold_commands')).length;
});
