import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Prints that it runs, and shuts down on request. */
const PROGRAM = `
process.on('SIGTERM', () => { console.log('drained'); process.exit(3); });
setInterval(() => {}, 1000);
console.log('runs as ' + process.pid);
`;

let folder: string;
let npm: ChildProcess | undefined;
let program: number | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'npm-start-'));
});

afterEach(async () => {
  npm?.kill('SIGKILL');
  if (program !== undefined && isAlive(program)) process.kill(program, 'SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** Uses this repository's script, with a program in place of the built one. */
async function start(): Promise<() => string> {
  const { scripts } = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['dist', 'tools']) await mkdir(join(folder, name));
  await copyFile(join(import.meta.dirname, '../tools/posix-shell.mjs'), join(folder, 'tools/posix-shell.mjs'));
  await writeFile(join(folder, 'dist/main.js'), PROGRAM);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'a', scripts: { start: scripts.start } }));
  let output = '';
  npm = spawn('npm', ['start', '--silent'], { cwd: folder, shell: process.platform === 'win32' });
  for (const stream of [npm.stdout, npm.stderr]) stream?.on('data', (text: Buffer) => (output += text.toString()));
  while (!output.includes('runs as')) await once(npm.stdout!, 'data');
  program = Number(/runs as (\d+)/.exec(output)![1]);
  return () => output;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function expectDrained(): Promise<void> {
  const output = await start();

  npm!.kill('SIGTERM');
  // Not 'exit': only then has all output arrived.
  const [code] = (await once(npm!, 'close')) as [number | null];

  expect({ code, output: output() }).toEqual({ code: 3, output: `runs as ${program}\ndrained\n` });
  expect(isAlive(program!)).toBe(false);
}

// Windows has no SIGTERM; there Ctrl+C reaches every program of the terminal.
(process.platform === 'win32' ? it.skip : it)('SIGTERM to npm reaches the program, and npm returns its exit code', () =>
  expectDrained(),
);

it('prints nothing of its own on any shell', async () => {
  const output = await start();

  expect(output()).toMatch(/^runs as \d+\r?\n$/);
});
