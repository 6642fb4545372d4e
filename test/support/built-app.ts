import { cp, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundle } from '../../tools/jest/bundle.mjs';
import { RUN_FOLDER } from './test-run.mjs';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const BUILD_LIMIT_MS = 170_000;

/** For the `beforeAll` that asks for the built app. */
export const BUILD_TIMEOUT_MS = BUILD_LIMIT_MS + 10_000;

export interface BuiltApp {
  /** Holds package.json, node_modules, dist and bin, like a deployed app. */
  readonly folder: string;
  readonly main: string;
  readonly cli: string;
}

/** The app as bundles that start fast, made once a Jest run, however many workers ask. */
export async function builtApp(): Promise<BuiltApp> {
  const run = process.env[RUN_FOLDER];
  if (!run) throw new Error('The built app is for *.int-spec.ts and *.e2e-spec.ts, whose run has a folder for it.');

  const folder = join(run, 'app');
  const outcome = join(run, 'app-outcome.txt');
  // Exactly one worker can make the folder; it builds, the others wait.
  if (await make(folder)) await writeWhole(outcome, await build(folder));
  const problem = await waitForText(outcome);
  if (problem) throw new Error(`The app doesn't build:\n${problem}`);

  return { folder, main: join(folder, 'dist', 'main.js'), cli: join(folder, 'dist', 'cli.js') };
}

async function make(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Answers what went wrong, or ''. */
async function build(folder: string): Promise<string> {
  try {
    for (const part of ['package.json', 'bin']) {
      await cp(join(REPOSITORY, part), join(folder, part), { recursive: true });
    }
    await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'), 'junction');
    const sources = join(REPOSITORY, 'src');
    await bundle(
      {
        main: join(sources, 'main.ts'),
        cli: join(sources, 'cli.ts'),
        'vacuum-program': join(REPOSITORY, 'packages', 'core', 'src', 'backup', 'vacuum-program.ts'),
      },
      join(folder, 'dist'),
    );
    return '';
  } catch (error) {
    return String(error);
  }
}

/** Renamed into place, so that nobody reads half of it. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
}

async function waitForText(file: string): Promise<string> {
  const limit = Date.now() + BUILD_LIMIT_MS;
  while (Date.now() < limit) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
    await sleep(200);
  }
  return `no outcome after ${BUILD_LIMIT_MS / 1000} s`;
}
