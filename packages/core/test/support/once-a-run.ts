import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RUN_FOLDER } from './test-run.mjs';

/** Shorter than Jest's own limit. */
const LIMIT_MS = 110_000;
/** For longer work, in a `beforeAll` with its own limit. */
export const LONG_LIMIT_MS = 240_000;

/**
 * Returns a folder that is filled once per Jest run, for any number of workers.
 *
 * @throws Error with the error of the worker that filled it
 */
export async function onceARun(
  name: string,
  fill: (folder: string) => Promise<void>,
  limitMs = LIMIT_MS,
): Promise<string> {
  const run = process.env[RUN_FOLDER];
  if (!run)
    throw new Error(`${name}: only *.int-spec.ts, *.e2e-spec.ts and *.faults-spec.ts have a folder of the run.`);

  const folder = join(run, name);
  const outcome = join(run, `${name}-outcome.txt`);
  // Exactly one worker can create the folder; it fills it, the others wait.
  if (await make(folder)) await writeWhole(outcome, await problemOf(fill(folder)));
  const problem = await waitForText(outcome, limitMs);
  if (problem) throw new Error(`${name}: ${problem}`);
  return folder;
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

function problemOf(filling: Promise<void>): Promise<string> {
  return filling.then(() => '', String);
}

/** Renamed into place, so that no worker reads a partial file. */
async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
}

async function waitForText(file: string, limitMs: number): Promise<string> {
  const limit = Date.now() + limitMs;
  while (Date.now() < limit) {
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
    await sleep(200);
  }
  return `no outcome after ${limitMs / 1000} s`;
}
