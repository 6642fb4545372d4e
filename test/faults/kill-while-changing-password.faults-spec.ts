import { killLeftovers } from '../../packages/core/test/support/app-process.js';
import { builtApp } from '../support/built-app.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import type { Person } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { someKey } from '../idempotency/keys.js';
import { ServedApp } from '../support/served-app.js';
import { TestApp } from '../support/test-app.js';

const NEW_PASSWORD = 'another horse battery';

// Both databases commit the hash and the event alike: `kill-while-appending.faults-spec.ts`.
describe('an app that is killed while a password changes', () => {
  let database: TestDatabase;
  let dying: string;
  let app: TestApp | undefined;

  beforeAll(async () => {
    ({ dying } = await builtApp());
    database = await createTestDatabase('sqlite');
  });

  afterAll(async () => {
    await killLeftovers();
    await app?.close();
    await database.drop();
  });

  /** A user whose password was being changed when the process died, at the point `when`. */
  const killedWith = async (when: Record<string, string>): Promise<Person> => {
    const app = await ServedApp.start(dying, database, when);
    const ann = await app.customer();
    const change = { currentPassword: ann.password, newPassword: NEW_PASSWORD };
    await expect(app.client(ann.token).put(`${ann.path}/password`, change, someKey())).rejects.toThrow(
      /socket hang up|ECONNRESET/,
    );
    expect(await app.process.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await hashesOf(ann)).toBe(2);
    return ann;
  };
  const hashesOf = async ({ userId }: Person): Promise<number> =>
    (await runSql(database.url, `select * from credentials where user_id = '${userId}'`)).length;
  const signIn = async ({ email }: Person, password: string): Promise<number> =>
    (await app!.anyone.post('/sessions', { email, password })).status;

  it('keeps the old password before the event, the new one after it, and sweeps the other hash', async () => {
    const ann = await killedWith({ DIE_BEFORE: 'users.password-changed' });
    const bob = await killedWith({ KEYED_APPENDS: '1' });
    app = await TestApp.start(database);
    expect([await signIn(ann, ann.password), await signIn(ann, NEW_PASSWORD)]).toEqual([201, 401]);
    expect([await signIn(bob, bob.password), await signIn(bob, NEW_PASSWORD)]).toEqual([401, 201]);

    await app.close();
    await runSql(database.url, 'update credentials set created_at = 0');
    app = await TestApp.start(database);
    expect([await hashesOf(ann), await hashesOf(bob)]).toEqual([1, 1]);
    expect([await signIn(ann, ann.password), await signIn(bob, NEW_PASSWORD)]).toEqual([201, 201]);
  });
});
