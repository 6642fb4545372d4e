import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { runSql } from '../support/stored-rows.js';
import { TestApp } from '../support/test-app.js';

const MINUTE = 60_000;

describe.each(DATABASE_KINDS)('at start, on %s,', (kind) => {
  let database: TestDatabase;

  beforeEach(async () => {
    database = await createTestDatabase(kind);
  });

  afterEach(() => database.drop());

  const userIds = async (): Promise<string[]> =>
    (await runSql(database.url, 'select user_id from credentials')).map(({ user_id: userId }) => String(userId));

  it('hashes without a user are swept once they are older than an hour, and no others', async () => {
    const before = await TestApp.start(database);
    const ann = await before.register();
    const { userId: operatorId } = await before.operator();
    await before.close();
    await runSql(database.url, `update credentials set created_at = ${minutesAgo(9_999)}`);
    for (const [userId, minutes] of Object.entries({ old: 61, ancient: 99_999, young: 59, new: 0 })) {
      await runSql(
        database.url,
        `insert into credentials (user_id, password_hash, created_at) values ('${userId}', 'x', ${minutesAgo(minutes)})`,
      );
    }

    const after = await TestApp.start(database);
    const left = await userIds();
    const signedIn = await after.signIn(ann);
    await after.close();

    expect(left.toSorted()).toEqual([ann.userId, operatorId, 'young', 'new'].toSorted());
    expect(signedIn.userId).toBe(ann.userId);
  });
});

function minutesAgo(minutes: number): number {
  return Date.now() - minutes * MINUTE;
}
