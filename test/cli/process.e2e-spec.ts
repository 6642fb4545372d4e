import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { AppProcess, killLeftovers } from '../../packages/core/test/support/app-process.js';
import { type BuiltApp, builtApp } from '../support/built-app.js';
import { OPERATOR, PERSONAL_DATA_KEY, TestApp } from '../support/test-app.js';
import { createScratchFolder } from '../../packages/core/test/support/test-run.mjs';
import { expectRefused, startProcess, withoutOpened } from './leftfold.js';

const REPOSITORY = join(import.meta.dirname, '..', '..');

let built: BuiltApp;
let app: TestApp;

beforeAll(async () => {
  built = await builtApp();
  app = await TestApp.start('sqlite');
  await app.operator();
});

afterEach(killLeftovers);
afterAll(() => app.close());

describe('bin/leftfold.mjs', () => {
  it('prints only the answer on standard output, and reads .env, which the environment overrides', async () => {
    const cwd = await createScratchFolder('with-env');
    const { url, viewsUrl } = app.database;
    const variables = `DATABASE_URL=${url}\nVIEWS_DATABASE_URL=${viewsUrl}\nLEASE_TTL=nonsense\n`;
    await writeFile(join(cwd, '.env'), variables);

    const script = join(built.folder, 'bin', 'leftfold.mjs');
    const stats = await AppProcess.run({ script, args: ['log', 'stats', '--json'], cwd, env: { LEASE_TTL: '10s' } });

    expect(stats).toMatchObject({ code: 0, stderr: `Opened ${app.database.url}\n` });
    expect(JSON.parse(stats.stdout)).toMatchObject({ events: await app.head() });
  });

  it('reports that the program is not built', async () => {
    const folder = await createScratchFolder('not-built');
    await mkdir(join(folder, 'bin'));
    const script = join(folder, 'bin', 'leftfold.mjs');
    await copyFile(join(REPOSITORY, 'bin', 'leftfold.mjs'), script);

    expectRefused(await AppProcess.run({ script }), 'Build it first: npm run build');
  });

  it('leaves no file behind where there is no log', async () => {
    const cwd = await createScratchFolder('no-log');

    const missing = await AppProcess.run({ script: built.cli, args: ['log', 'tail'], cwd });

    expectRefused(missing, /^There is no event log at /);
    expect(await readdir(cwd)).toEqual([]);
  });
});

describe('a command that keeps running', () => {
  it('ends cleanly at SIGTERM, with exit code 143', async () => {
    const following = await startProcess(app.database, 'log tail --follow --json');
    await following.waitFor(new RegExp(OPERATOR.email));

    process.kill(following.pid, 'SIGTERM');

    expect(await following.exited).toEqual({ code: 143, signal: null });
    expect(withoutOpened(following.stderr)).toBe('');
  });

  it('ends quietly once its reader has closed the pipe, as in `| head -n 1`', async () => {
    const { url, viewsUrl } = app.database;
    const pipeline = '"$NODE" "$CLI" log tail --follow --after 0 | head -n 1; echo "code ${PIPESTATUS[0]}"';
    const { PATH } = process.env;
    const shell = spawn('bash', ['-c', pipeline], {
      env: {
        PATH,
        NODE: process.execPath,
        CLI: built.cli,
        DATABASE_URL: url,
        VIEWS_DATABASE_URL: viewsUrl,
        PERSONAL_DATA_KEY,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(shell, 'exit');
    const first = once(shell.stdout, 'readable');
    const [out, err] = [text(shell.stdout), text(shell.stderr)];
    await first;

    // It prints, and so notices the closed pipe, with the next event.
    while (shell.exitCode === null) await Promise.race([app.register(), exited]);

    expect(await out).toMatch(/^ *1 {2}\S+ {2}user-.* users\.user-registered .*\ncode 0\n$/);
    expect(withoutOpened(await err)).toBe('');
  });
});
