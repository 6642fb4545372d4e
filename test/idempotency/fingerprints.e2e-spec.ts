import { createHash } from 'node:crypto';
import { runSql } from '../../packages/core/test/support/stored-rows.js';
import { createAppDatabase } from '../support/app-database.js';
import type { TestDatabase } from '../support/databases.js';
import { expectNothingStored, expectProblem } from '../support/expectations.js';
import { type Names, someNames } from '../support/people.js';
import { PERSONAL_DATA_KEY, TestApp } from '../support/test-app.js';
import { expectFirst, expectReplay, someKey } from './keys.js';

const NEW_KEY = Buffer.alloc(32, 'new').toString('base64');

describe('the stored hash of a body', () => {
  let database: TestDatabase;
  let app: TestApp;

  beforeAll(async () => {
    database = await createAppDatabase('sqlite');
    app = await TestApp.start(database);
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const stored = async (): Promise<unknown> => {
    const sql =
      'select fingerprint from leftfold_commands where fingerprint is not null order by recorded_at desc limit 1';
    return (await runSql(database.url, sql))[0]?.fingerprint;
  };

  /** What version 0.1.0 stored, and what everybody can make who guesses the body. */
  const plainHash = ({ email, username }: Names): string =>
    createHash('sha256').update(JSON.stringify({ email, username })).digest('base64url');

  it('can be made only with the master key; a plain one from before still answers its repeats', async () => {
    const [names, key] = [someNames(), someKey()];
    const first = expectFirst(await app.anyone.post('/users', names, key), 201);
    expect(await stored()).toMatch(/^[\w-]{43}$/);
    expect(await stored()).not.toBe(plainHash(names));

    await runSql(
      database.url,
      `update leftfold_commands set fingerprint = '${plainHash(names)}' where fingerprint = '${String(await stored())}'`,
    );

    expect(await stored()).toBe(plainHash(names));
    expectReplay(await expectNothingStored(app, () => app.anyone.post('/users', names, key)), first);
    expectProblem(await app.anyone.post('/users', someNames(), key), 422, 'idempotency-key-reused');
  });

  it('is found by a node that has the master key as the one of before', async () => {
    const [names, key] = [someNames(), someKey()];
    const first = expectFirst(await app.anyone.post('/users', names, key), 201);

    const rotated = { PERSONAL_DATA_KEY: NEW_KEY, PERSONAL_DATA_KEY_BEFORE: PERSONAL_DATA_KEY };
    const other = await TestApp.start(database, rotated);
    try {
      expectReplay(await expectNothingStored(other, () => other.anyone.post('/users', names, key)), first);
      expectProblem(await other.anyone.post('/users', someNames(), key), 422, 'idempotency-key-reused');
    } finally {
      await other.close();
    }
  });
});
