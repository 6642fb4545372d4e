import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Databases } from '@leftfold/core';
import { newSigningKey, parseSigningKey, Sealed } from '@leftfold/proofs';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { TestApp } from '../support/test-app.js';
import { expectRefused, run } from './leftfold.js';

const KEY = newSigningKey('log.example');
const { verifier: PUBLIC } = parseSigningKey(KEY);

/** These commands open no database. */
const NOWHERE = { url: 'postgres://nobody@127.0.0.1:1/nothing', viewsUrl: 'postgres://nobody@127.0.0.1:1/nothing' };

/** What is found and refused is proved in packages/proofs/test; here, that a person gets there. */
describe('leftfold proofs', () => {
  let database: TestDatabase;
  let app: TestApp;
  let env: Record<string, string>;
  const file = (name: string): string => join(database.folder, name);
  const printed = async (name: string, command: string): Promise<string> => {
    const { stdout } = await run(database, command, env);
    await writeFile(file(name), stdout);
    return stdout;
  };

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    env = { PROOF_KEY: KEY, PROOF_MEMORY: join(database.folder, 'last') };
    app = await TestApp.start(database, env);
    await app.nest.get(Sealed, { strict: false }).waitFor(1, 20_000);
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  it('proves an event, and verifies the file without a database', async () => {
    await printed('one.tlog-proof', 'proofs prove 1');
    const { stdout } = await run(NOWHERE, `proofs verify-proof ${file('one.tlog-proof')} --key ${PUBLIC} --json`);
    expect(JSON.parse(stdout)).toMatchObject({ event: { position: 1, version: 1 } });
    const other = parseSigningKey(newSigningKey('other')).verifier;
    expectRefused(
      await run(NOWHERE, `proofs verify-proof ${file('one.tlog-proof')} --key ${other}`),
      /None of the known keys has signed it/,
    );
    expectRefused(await run(database, 'proofs prove 1000000', env), /No signed checkpoint covers position 1000000 yet/);
  });

  it('compares every event with the tree', async () => {
    const { stdout } = await run(database, `proofs verify --key ${PUBLIC} --against ${file('last')}`, env);
    expect((await run(database, 'log verify', env)).stdout).toMatch(/^The log is sound/);
    expect(stdout).toMatch(/^The log is as it was sealed\.\nCompared: [1-9]/);
  });

  it('names all findings of a damaged tree, also with an older checkpoint and a key', async () => {
    const { dataSource } = app.nest.get(Databases, { strict: false }).events.write;
    const [row] = await dataSource.query<{ edge: string; checkpoint: string }[]>(
      'select edge, checkpoint from leftfold_proof_tree',
    );
    const linesWith = async (column: 'edge' | 'checkpoint', value: string | null): Promise<string[]> => {
      await dataSource.query(`update leftfold_proof_tree set ${column} = ?`, [value]);
      const against = column === 'edge' ? `--against ${file('last')}` : '';
      const { code, stdout } = await run(database, `proofs verify --key ${PUBLIC} ${against}`, env);
      await dataSource.query(`update leftfold_proof_tree set ${column} = ?`, [row![column]]);
      expect(code).toBe(1);
      return stdout.split('\n').map((line) => line.trim());
    };

    const damaged = await linesWith('edge', '[]');
    expect(damaged).toContain('The last tile of level 0 was changed.');
    expect(damaged).toContainEqual(expect.stringMatching(/^The checkpoint can't be compared\. Tile 0 of level 0 is/));
    expect((await linesWith('checkpoint', null))[1]).toBe(
      'The log has no signed checkpoint, so no key has signed any of its events.',
    );
  });

  it('says how the log differs from an older checkpoint', async () => {
    const [origin, size] = (await readFile(file('last'), 'utf8')).split('\n');
    const against = async (events: string): Promise<string> => {
      // Of other events; its signature is that of the last one, which is not verified here.
      const root = Buffer.alloc(32, 1).toString('base64');
      const signatures = (await readFile(file('last'), 'utf8')).split('\n\n')[1]!;
      await writeFile(file('other'), `${origin}\n${events}\n${root}\n\n${signatures}`);
      const { code, stdout } = await run(database, `proofs verify --against ${file('other')}`, env);
      expect(code).toBe(1);
      return stdout.split('\n')[1]!.trim();
    };

    expect(await against('352000')).toMatch(
      /^A checkpoint of 352,000 events was signed, and the last one of this log has \d+\. The log may have been restored from an older backup\.$/,
    );
    expect(await against(size!)).toMatch(
      /^A checkpoint of \d+ events? was signed, and the log does not only add to it\. It was rewritten, or restored from an older backup\.$/,
    );
  });

  it('lets a witness sign what only adds to what it has seen', async () => {
    await writeFile(file('old'), await readFile(file('last')));
    const { position } = await app.register().then(async () => ({ position: await app.head() }));
    await app.nest.get(Sealed, { strict: false }).waitFor(position, 20_000);
    const { stdout: publicKey } = await run(
      NOWHERE,
      `proofs key new --witness --name w.example --out ${file('w.key')}`,
    );
    expect((await run(NOWHERE, `proofs key show ${file('w.key')}`)).stdout).toBe(publicKey);

    const witness = `--key ${PUBLIC} --witness-key ${file('w.key')} --state ${file('state')}`;
    await run(NOWHERE, `proofs witness ${file('old')} ${witness}`);
    await printed('request', `proofs consistency ${file('old')} --key ${PUBLIC} --request`);
    const { stdout } = await run(NOWHERE, `proofs witness ${file('request')} ${witness}`);
    expect(stdout).toMatch(/^— w\.example [\w+/=]+\n$/);
    expectRefused(await run(NOWHERE, `proofs witness ${file('old')} ${witness}`), /The log shrank/);

    await writeFile(file('signature'), stdout);
    expectRefused(await run(database, `proofs prove 1 --cosigned`, env), /No witness that this log trusts has signed/);
    const trusting = { ...env, PROOF_WITNESS_KEYS: publicKey.trim() };
    const cosigned = await run(database, `proofs cosign ${file('request')} ${file('signature')}`, trusting);
    expect(cosigned.stdout).toMatch(/^The checkpoint of \d+ events is cosigned by w\.example\+\w+\.\n$/);
    expectRefused(await run(database, `proofs cosign ${file('request')}`, trusting), /No witness that is trusted here/);
    await writeFile(file('w.proof'), (await run(database, 'proofs prove 1 --cosigned', trusting)).stdout);
    const proved = `proofs verify-proof ${file('w.proof')} --key ${PUBLIC} --witness ${publicKey.trim()}`;
    expect((await run(NOWHERE, proved)).stdout).toMatch(/^Signed, .* by .*w\.example\+\w+ at 20/m);

    const consistent = await run(database, `proofs consistency ${file('old')} --key ${PUBLIC}`, env);
    expect(consistent.stdout).toMatch(/^Consistent: the checkpoint of \d+ events only adds to the one of \d+\.\n$/);
  });

  it('declares a new origin', async () => {
    const { stdout } = await run(database, `proofs new-origin --over ${file('last')} --json`, env);
    expect(JSON.parse(stdout)).toMatchObject({ origin: expect.stringMatching(/^leftfold\/[\da-f-]{36}#[\da-f]{8}$/) });
  });
});
