import { copyFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSigningKey, parseSigningKey } from '@leftfold/proofs';
import { createAppDatabase } from '../support/app-database.js';
import type { TestDatabase } from '../support/databases.js';
import { TestApp } from '../support/test-app.js';
import { run } from './leftfold.js';

const KEY = newSigningKey('log.example');
const { verifier: PUBLIC } = parseSigningKey(KEY);

/** The events are written in the same way on both databases; files are restored more easily. */
describe('people in a restored backup that is older than their forgetting', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  let app: TestApp;

  beforeAll(async () => {
    database = await createAppDatabase('sqlite');
    env = { PROOF_KEY: KEY, PROOF_MEMORY: file('last'), READ_WAIT_LIMIT: '20s' };
    app = await TestApp.start(database, env);
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const file = (name: string): string => join(database.folder, name);
  const leftfold = (line: string) => run(database, line, env);
  const forget = async (userId: string, name: string): Promise<string> => {
    const { code, stdout } = await leftfold(`personal-data forget ${userId} --reason letter`);
    expect(code).toBe(0);
    await writeFile(file(name), stdout);
    return file(name);
  };
  const databaseFiles = async (): Promise<string[]> =>
    (await readdir(database.folder)).filter((name) => /\.sqlite(-wal|-shm)?$/.test(name));

  it('are forgotten again by a replay, with all that follows, and certified anew', async () => {
    const ann = await app.customer();
    await app.close();
    const backup = await databaseFiles();
    for (const name of backup) await copyFile(file(name), file(`${name}.backup`));
    app = await TestApp.start(database, env);
    const bob = await app.customer();
    const [one, other] = [await forget(ann.userId, 'ann.json'), await forget(bob.userId, 'bob.json')];
    await app.close();
    for (const name of await databaseFiles()) await rm(file(name));
    for (const name of backup) await copyFile(file(`${name}.backup`), file(name));

    const replayed = await leftfold(`personal-data replay ${one} ${other}`);

    expect(replayed).toMatchObject({ code: 0, stderr: '' });
    expect(replayed.stdout.split('\n')).toEqual([
      `${ann.userId}: its key was there again, and is deleted. Its event was lost, and it is forgotten again`,
      `${bob.userId}: there was no key. The log knows nothing of it`,
      '2 subjects forgotten. Read models follow when a node runs.',
      '',
    ]);
    expect((await leftfold(`proofs new-origin --over ${file('last')}`)).code).toBe(0);
    app = await TestApp.start(database, env);
    const again = await forget(ann.userId, 'again.json');
    expect((await leftfold(`proofs verify-certificate ${again} --key ${PUBLIC}`)).code).toBe(0);
    expect((await app.client(ann.token).get('/users/me')).status).toBe(401);
    const operator = await app.operator();
    expect((await operator.get(ann.path)).status).toBe(410);
    expect((await operator.get(bob.path)).status).toBe(404);
    expect((await leftfold(`personal-data replay ${one} ${other}`)).code).toBe(0);
    expect((await leftfold('log verify')).code).toBe(0);
  });
});
