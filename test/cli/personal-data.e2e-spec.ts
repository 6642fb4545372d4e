import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSigningKey, parseSigningKey } from '@leftfold/proofs';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import type { Person } from '../support/people.js';
import { TestApp } from '../support/test-app.js';
import { expectRefused, run } from './leftfold.js';

const KEY = newSigningKey('log.example');
const { verifier: PUBLIC } = parseSigningKey(KEY);
const NOWHERE = { url: 'postgres://nobody@127.0.0.1:1/nothing', viewsUrl: 'postgres://nobody@127.0.0.1:1/nothing' };

describe('leftfold personal-data forget', () => {
  let database: TestDatabase;
  let app: TestApp;
  let env: Record<string, string>;
  let ann: Person;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    env = { PROOF_KEY: KEY, PROOF_MEMORY: join(database.folder, 'last'), READ_WAIT_LIMIT: '20s' };
    app = await TestApp.start(database, env);
    ann = await app.customer();
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const forget = (who: string) => run(database, `personal-data forget ${who} --reason letter`, env);

  it('forgets a user, and prints a certificate that is verified without a database', async () => {
    const { code, stdout, stderr } = await forget(ann.email);

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `User ${ann.userId} is forgotten. Keep the certificate outside of the log.\n`,
    });
    expect((await ann.get('/users/me')).status).toBe(401);
    const file = join(database.folder, 'ann.json');
    await writeFile(file, stdout);
    const verified = await run(NOWHERE, `proofs verify-certificate ${file} --key ${PUBLIC}`);
    expect(verified.stdout).toMatch(
      new RegExp(`^Certified: ${ann.userId} is forgotten since position \\d+ of leftfold/`),
    );
    expect(verified.stdout).toMatch(/users\.user-registered: email, username/);

    await writeFile(file, stdout.replace(ann.userId, 'somebody'));
    expectRefused(
      await run(NOWHERE, `proofs verify-certificate ${file} --key ${PUBLIC}`),
      /is not for this text: one of them was changed/,
    );
  });

  it('prints the same certificate again, found by the id', async () => {
    const [one, again] = [await forget(ann.userId), await forget(ann.userId)];

    expect(one.code).toBe(0);
    expect(again.stdout).toBe(one.stdout);
    expectRefused(await forget(ann.email), /There is no user with the e-mail address/);
  });

  it('says that a node must run, when none does', async () => {
    const bob = await app.customer();
    await app.close();

    const { code, stdout, stderr } = await run(database, `personal-data forget ${bob.userId} --reason letter`, {
      ...env,
      READ_WAIT_LIMIT: '1s',
    });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/there is no certificate yet: a node that runs subscriptions/);
    app = await TestApp.start(database, env);
    expect((await forget(bob.userId)).code).toBe(0);
  });
});
