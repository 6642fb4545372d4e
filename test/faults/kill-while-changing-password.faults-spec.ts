import { killLeftovers } from '../../packages/core/test/support/app-process.js';
import { builtApp } from '../support/built-app.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import type { Person } from '../support/people.js';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { someKey } from '../idempotency/keys.js';
import { ServedApp } from '../support/served-app.js';

const NEW_PASSWORD = 'another horse battery';

// Both databases commit the hash and the event alike: `kill-while-appending.faults-spec.ts`.
describe('an app that is killed while a password changes', () => {
  let database: TestDatabase;
  let main: string;
  let dying: string;

  beforeAll(async () => {
    ({ main, dying } = await builtApp());
    database = await createTestDatabase('sqlite');
  });

  afterAll(async () => {
    await killLeftovers();
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
  const signIn = async (app: ServedApp, { email }: Person, password: string): Promise<number> =>
    (await app.client().post('/sessions', { email, password })).status;

  it('keeps the old password before the event, the new one after it, and sweeps the other hash', async () => {
    const ann = await killedWith({ DIE_BEFORE: 'users.password-changed' });
    const bob = await killedWith({ KEYED_APPENDS: '1' });
    const app = await ServedApp.start(main, database);
    expect([await signIn(app, ann, ann.password), await signIn(app, ann, NEW_PASSWORD)]).toEqual([201, 401]);
    expect([await signIn(app, bob, bob.password), await signIn(app, bob, NEW_PASSWORD)]).toEqual([401, 201]);

    await app.process.stop();
    await runSql(database.url, 'update credentials set created_at = 0');
    const again = await ServedApp.start(main, database);
    expect([await hashesOf(ann), await hashesOf(bob)]).toEqual([1, 1]);
    expect([await signIn(again, ann, ann.password), await signIn(again, bob, NEW_PASSWORD)]).toEqual([201, 201]);
  });
});
