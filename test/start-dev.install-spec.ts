import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LONG_LIMIT_MS } from '../packages/core/test/support/once-a-run.js';
import { linkPackages } from './support/project-copy.js';
import { createScratchFolder } from '../packages/core/test/support/test-run.mjs';

const REPOSITORY = join(import.meta.dirname, '..');
/** The script and how it compiles are this repository's; what is compiled is small. */
const COPIED = [
  'tools/start-dev.mjs',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'packages/tsconfig.json',
  'packages/core/package.json',
  'packages/core/tsconfig.json',
];

const program = (verb: string) => `import { WORD } from '@leftfold/core';
console.log('${verb} ' + WORD);
setInterval(() => undefined, 1_000);
`;

let folder: string;
let script: ChildProcess | undefined;
let output = '';

beforeAll(async () => {
  folder = await createScratchFolder('start-dev');
  for (const path of COPIED) await cp(join(REPOSITORY, path), join(folder, path));
  await linkPackages(folder);
  await write('tsconfig.packages.json', JSON.stringify({ files: [], references: [{ path: 'packages/core' }] }));
  await write('packages/core/src/index.ts', `export const WORD = 'one';\n`);
  await write('src/main.ts', program('says'));
});

/** A group of its own, with the compiler and the program. */
afterAll(() => {
  if (script?.pid === undefined || script.exitCode !== null || script.signalCode !== null) return;
  process.kill(-script.pid, 'SIGKILL');
});

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/** Takes back its listeners, once one of them was called. */
function waiting(): { signal: AbortSignal; abort: () => void } {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

/** @throws Error with the output when the script ends before */
async function printed(text: string): Promise<void> {
  while (!output.includes(text)) {
    if (script?.exitCode !== null || script.signalCode !== null) throw new Error(`start-dev.mjs has ended:\n${output}`);
    const { signal, abort } = waiting();
    await Promise.race([once(script.stdout!, 'data', { signal }), once(script, 'exit', { signal })]).finally(abort);
  }
}

/** Saves a file until the change is seen: the compiler misses one that is saved before it watches, which no output tells. */
async function saved(path: string, text: string, seen: string): Promise<void> {
  const saving = setInterval(() => void write(path, text), 1_000);
  try {
    await write(path, text);
    await printed(seen);
  } finally {
    clearInterval(saving);
  }
}

it(
  'npm run start:dev restarts the application after a change of a package, and of its own, until it is told to end',
  async () => {
    script = spawn(process.execPath, ['tools/start-dev.mjs'], { cwd: folder, detached: true });
    for (const stream of [script.stdout, script.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    await printed('says one');

    await saved('packages/core/src/index.ts', `export const WORD = 'two';\n`, 'says two');
    await saved('src/main.ts', program('tells'), 'tells two');

    script.kill('SIGTERM');
    await once(script, 'exit');
  },
  LONG_LIMIT_MS,
);
