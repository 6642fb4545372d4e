import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppProcess, killLeftovers } from './app-process.js';
import { createScratchFolder } from './test-run.mjs';

const LISTENS = `
  import { createServer } from 'node:http';
  const server = createServer((_, response) => response.end('hello')).listen(Number(process.env.PORT), '127.0.0.1', () =>
    console.log('Listening on http://127.0.0.1:' + server.address().port));
`;
const DRAINS = `process.on('SIGTERM', () => server.close(() => process.exit(0)) && server.closeAllConnections());`;

afterEach(killLeftovers);

it('finds the URL of a program, and ends it cleanly', async () => {
  const app = await AppProcess.start({ script: await script(LISTENS + DRAINS) });

  await expect(fetch(app.url).then((response) => response.text())).resolves.toBe('hello');
  await expect(app.stop()).resolves.toEqual({ code: 0, signal: null });
  expect(app.isRunning).toBe(false);
});

it('kills', async () => {
  const app = await AppProcess.start({ script: await script(LISTENS) });

  await expect(app.kill()).resolves.toEqual({ code: null, signal: 'SIGKILL' });
});

it('reports, with the output, a program that ends before it listens', async () => {
  const dying = await script(`console.error('PORT is odd.'); process.exit(1);`);

  await expect(AppProcess.start({ script: dying })).rejects.toThrow(/ended before it printed[\s\S]*PORT is odd\./);
});

it('kills a program that never listens', async () => {
  const silent = await script(`setInterval(() => undefined, 1000);`);

  await expect(AppProcess.start({ script: silent, limitMs: 300 })).rejects.toThrow('within 300 ms');
});

it('kills a program that does not end on request', async () => {
  const app = await AppProcess.start({ script: await script(`${LISTENS} process.on('SIGTERM', () => undefined);`) });

  await expect(app.stop(300)).rejects.toThrow('did not end within 300 ms');
  expect(app.isRunning).toBe(false);
});

it('returns all output and the exit code of a program that ends by itself', async () => {
  const ending = await script(`console.log('x'.repeat(200_000)); console.error('bad'); process.exitCode = 3;`);

  const app = await AppProcess.run({ script: ending });

  expect(app).toMatchObject({ code: 3, signal: null, stderr: 'bad\n' });
  expect(app.stdout).toHaveLength(200_001);
});

it('passes only the given environment on', async () => {
  process.env.DATABASE_URL = 'sqlite:./somebody-elses.sqlite';
  const printing = await script(`console.log(process.env.DATABASE_URL, process.env.JWT_SECRET, process.env.PORT);`);

  const app = await AppProcess.run({ script: printing, env: { JWT_SECRET: 'given' } });

  expect(app.stdout).toBe('undefined given 0\n');
  delete process.env.DATABASE_URL;
});

it('finds lines of level error', async () => {
  const logging = await script(`
    console.log('{"level":30,"msg":"fine"}');
    console.log('{"level":50,"msg":"bad"}');
    console.log('{"level":"fatal","msg":"worse"}');
    console.error('[Nest] 1 ERROR [X] plain');
    console.log('no errors');
  `);

  const app = await AppProcess.run({ script: logging });

  expect(app.errorLines).toEqual([
    '{"level":50,"msg":"bad"}',
    '{"level":"fatal","msg":"worse"}',
    '[Nest] 1 ERROR [X] plain',
  ]);
});

async function script(text: string): Promise<string> {
  const file = join(await createScratchFolder('script'), 'program.mjs');
  await writeFile(file, text);
  return file;
}
