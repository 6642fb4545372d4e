import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { BUILD_TIMEOUT_MS, builtApp } from '../support/built-app.js';
import { TestApp } from '../support/test-app.js';
import { SEVERAL_COMMANDS } from './leftfold.js';

describe('a reader who has seen enough', () => {
  let cli: string;
  let app: TestApp;

  beforeAll(async () => {
    ({ cli } = await builtApp());
    app = await TestApp.start('sqlite');
    await app.register();
  }, BUILD_TIMEOUT_MS);

  afterAll(() => app.close());

  /** What `head` has passed on, with the exit code of the command before it, and all that stands on standard error. */
  async function throughHead(
    command: string,
    meanwhile: () => Promise<unknown>,
  ): Promise<{ out: string; err: string }> {
    const { url, viewsUrl } = app.database;
    const shell = spawn('bash', ['-c', `"$NODE" "$CLI" ${command} | head -n 1; echo "code \${PIPESTATUS[0]}"`], {
      env: {
        PATH: process.env.PATH,
        NODE: process.execPath,
        CLI: cli,
        DATABASE_URL: url,
        VIEWS_DATABASE_URL: viewsUrl,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const exited = once(shell, 'exit');
    const [out, err] = [text(shell.stdout), text(shell.stderr)];
    while (shell.exitCode === null) await Promise.race([meanwhile(), exited]);
    return { out: await out, err: await err };
  }

  it(
    'ends a command that still has much to print, quietly',
    async () => {
      const { out, err } = await throughHead('log tail --follow --after 0', () => app.register());

      expect(out).toMatch(/^ *1 {2}\S+ {2}user-.* users\.user-registered .*\ncode 0\n$/);
      expect(err).toBe('');
    },
    SEVERAL_COMMANDS,
  );
});
