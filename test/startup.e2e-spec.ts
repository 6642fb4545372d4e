import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newSigningKey } from '@leftfold/proofs';
import { explainStartFailure } from '../src/platform/process/start-failure.js';
import { AppProcess, killLeftovers } from '../packages/core/test/support/app-process.js';
import { builtApp, type BuiltApp } from './support/built-app.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { pretendNewerMigration } from '../packages/core/test/support/newer-migration.js';
import { TestApp } from './support/test-app.js';

// Starts bundles of the sources; readme-tour.install-spec.ts starts what `npm run build` writes.

/** Windows has no SIGTERM: there a process can only be killed. */
const POLITE_END = process.platform === 'win32' ? { code: null, signal: 'SIGTERM' } : { code: 0, signal: null };

let app: BuiltApp;
let database: TestDatabase | undefined;

beforeAll(async () => {
  app = await builtApp();
});

afterEach(async () => {
  await killLeftovers();
  await database?.drop();
  database = undefined;
});

describe.each(DATABASE_KINDS)('the app on %s', (kind) => {
  it('starts, is healthy, ends on request, and refuses a newer database when it starts again', async () => {
    database = await createTestDatabase(kind, { separateViews: true });
    const env = { DATABASE_URL: database.url, VIEWS_DATABASE_URL: database.viewsUrl };

    const first = await AppProcess.start({ script: app.main, env });
    const live = await fetch(`${first.url}/health/live`);
    const ready = await fetch(`${first.url}/health/ready`);
    // On one of them, nobody reads its last lines.
    if (kind === 'sqlite') first.stopReadingAt(/stopping/);
    const exit = await first.stop();

    expect([live.status, ready.status]).toEqual([200, 200]);
    expect(exit).toEqual(POLITE_END);
    expect(first.errorLines).toEqual([]);
    expectNoSecretIn(first.output, database.url);

    // faults/idempotency-kill.faults-spec.ts proves that it starts on what another process has left.
    await pretendNewerMigration(database.url);
    await expectExplained('DATABASE_URL', env);
  });
});

describe('a misconfiguration ends the start with one sentence that names the variable', () => {
  it('on standard error, without a stack, and with exit code 1', async () => {
    database = await createTestDatabase('postgres');
    const env = { DATABASE_URL: withWrongPassword(database.url) };

    const refused = await AppProcess.run({ script: app.main, env });

    expect(refused.stderr.trim().split('\n')).toEqual([sentenceNaming('DATABASE_URL')]);
    expect(refused.output).not.toMatch(/^\s+at .*[:(]/m);
    expect(refused.code).toBe(1);
    expectNoSecretIn(refused.output, env.DATABASE_URL);
  });

  // cli/refusals.e2e-spec.ts tests more of them on the command line.
  it('an invalid port', async () => {
    database = await createTestDatabase('sqlite');
    await expectExplained('PORT', { PORT: 'abc' });
  });

  it('a folder that is missing for the last checkpoint', async () => {
    database = await createTestDatabase('sqlite');
    const memory = join(database.folder, 'missing', 'last');
    await expectExplained('PROOF_MEMORY', {
      DATABASE_URL: database.url,
      PROOF_KEY: newSigningKey('log.example'),
      PROOF_MEMORY: memory,
    });
    expect(await readdir(database.folder)).not.toContain('missing');
  });

  it('a folder that cannot be created', async () => {
    database = await createTestDatabase('sqlite');
    await writeFile(join(database.folder, 'a-file'), 'not a folder');
    await expectExplained('DATABASE_URL', { DATABASE_URL: `sqlite:${join(database.folder, 'a-file')}/events.sqlite` });
  });

  (process.platform === 'linux' ? it : it.skip)('a folder that is not writable', async () => {
    database = await createTestDatabase('sqlite');
    await expectExplained('DATABASE_URL', { DATABASE_URL: 'sqlite:/proc/nope/events.sqlite' });
  });
});

/** The sentence that `serve` prints when the app can't start on the database. */
async function expectExplained(variable: string, env: Record<string, string>): Promise<void> {
  const failure: unknown = await TestApp.start(database!, env).then(
    () => 'It started.',
    (error: unknown) => error,
  );

  const explained = explainStartFailure(failure, env);
  expect(explained?.split('\n')).toEqual([sentenceNaming(variable)]);
  expectNoSecretIn(explained ?? '', env.DATABASE_URL ?? '');
}

function sentenceNaming(variable: string): unknown {
  return expect.stringMatching(new RegExp(`\\b${variable}\\b.*\\.$`));
}

function expectNoSecretIn(output: string, url: string): void {
  const password = /^\w+:\/\/[^:@/]*:([^@/]+)@/.exec(url)?.[1];
  if (password) expect(output).not.toContain(password);
}

function withWrongPassword(url: string): string {
  return Object.assign(new URL(url), { password: 's3cret-word' }).href;
}
