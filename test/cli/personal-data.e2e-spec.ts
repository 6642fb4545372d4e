import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSigningKey, parseSigningKey } from '@leftfold/proofs';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import type { Person } from '../support/people.js';
import { PERSONAL_DATA_KEY, TestApp } from '../support/test-app.js';
import { expectRefused, run } from './leftfold.js';

const KEY = newSigningKey('log.example');
const { verifier: PUBLIC } = parseSigningKey(KEY);
const NOWHERE = { url: 'postgres://nobody@127.0.0.1:1/nothing', viewsUrl: 'postgres://nobody@127.0.0.1:1/nothing' };

describe('leftfold personal-data', () => {
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

  const file = (name: string): string => join(database.folder, name);
  const forget = (who: string) => run(database, `personal-data forget ${who} --reason letter`, env);

  it('forgets a user, and prints a certificate that is verified without a database', async () => {
    const { code, stdout, stderr } = await forget(ann.email);

    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `User ${ann.userId} is forgotten. Keep the certificate outside of the log.\n`,
    });
    expect((await ann.get('/users/me')).status).toBe(401);
    const certificate = file('ann.json');
    await writeFile(certificate, stdout);
    const verified = await run(NOWHERE, `proofs verify-certificate ${certificate} --key ${PUBLIC}`);
    expect(verified.stdout).toMatch(
      new RegExp(`^Certified: ${ann.userId} is forgotten since position \\d+ of leftfold/`),
    );
    expect(verified.stdout).toMatch(/users\.user-registered: email, username/);

    await writeFile(certificate, stdout.replace(ann.userId, 'somebody'));
    expectRefused(
      await run(NOWHERE, `proofs verify-certificate ${certificate} --key ${PUBLIC}`),
      /is not for this text: one of them was changed/,
    );
  });

  it('prints the same certificate again, found by the id', async () => {
    const [one, again] = [await forget(ann.userId), await forget(ann.userId)];

    expect(one.code).toBe(0);
    expect(again.stdout).toBe(one.stdout);
    expectRefused(await forget(ann.email), /There is no user with the e-mail address/);
  });

  it('replays certificates that the log has signed, and names each that it has not', async () => {
    const replay = (name: string, options = '', variables = env) =>
      run(database, `personal-data replay ${file('good.json')} ${file(name)} ${options}`, variables);
    const good = (await forget(ann.userId)).stdout;
    const bob = await app.customer();
    const { signatures: _, ...unsigned } = JSON.parse(good) as Record<string, unknown>;
    await writeFile(file('good.json'), good);
    await writeFile(file('changed.json'), good.replace(ann.userId, bob.userId));
    await writeFile(file('unsigned.json'), JSON.stringify({ ...unsigned, subject: bob.userId }));

    const { code, stdout, stderr } = await replay('good.json');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`${ann.userId}: there was no key\n`);
    expectRefused(await replay('changed.json'), /changed\.json: .*one of them was changed.* Nobody was forgotten\.$/);
    expectRefused(
      await replay('unsigned.json'),
      /unsigned\.json: It is not signed, .* If you trust the file, replay it with --unsigned\. Nobody was forgotten\.$/,
    );
    const both = await run(
      database,
      `personal-data replay ${file('changed.json')} ${file('good.json')} ${file('none.json')} ${file('unsigned.json')}`,
      env,
    );
    expect(both.stderr.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/changed\.json: /),
      expect.stringMatching(/none\.json can't be read: /),
      expect.stringMatching(/unsigned\.json: .* Nobody was forgotten\.$/),
    ]);
    const { PROOF_KEY: _key, ...withoutKey } = env;
    expectRefused(
      await replay('good.json', '', withoutKey),
      /no public key of the log is known: give one\. Nobody was forgotten\.$/,
    );
    expect((await replay('good.json', `--key ${PUBLIC}`, withoutKey)).code).toBe(0);
    expect((await bob.get('/users/me')).status).toBe(200);
  });

  it('refuses a rotation without the master key of before, and does it with that', async () => {
    const rotated = { ...env, PERSONAL_DATA_KEY: randomBytes(32).toString('base64') };

    const refused = await run(database, 'personal-data rotate', rotated);

    expectRefused(
      refused,
      /^PERSONAL_DATA_KEY_BEFORE lacks the master key \w+, .*; set it to the former PERSONAL_DATA_KEY, or .*\.$/,
    );
    const both = { ...rotated, PERSONAL_DATA_KEY_BEFORE: PERSONAL_DATA_KEY };
    expect(await run(database, 'personal-data rotate', both)).toMatchObject({ code: 0 });
    const back = { ...env, PERSONAL_DATA_KEY_BEFORE: rotated.PERSONAL_DATA_KEY };
    expect(await run(database, 'personal-data rotate', back)).toMatchObject({ code: 0 });
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
