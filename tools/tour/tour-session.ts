import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TourStep } from './readme-tour.js';
import { TourShell } from './tour-shell.js';

/** Where a reader's app listens. */
export const ADDRESS_IN_README = 'http://127.0.0.1:3000';
const LIMIT_MS = 60_000;

/**
 * Runs all commands in one shell, so that variables last from block to block. Answers what each block printed;
 * rejects with the command and its line in the README when one of them fails.
 * @param project the folder in which the commands run; by default an empty one
 */
export async function runTour(steps: readonly TourStep[], baseUrl: string, project?: string): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'tour-'));
  const env = { ...TERMINAL, PATH: process.env.PATH, HOME: folder };
  const shell = new TourShell({ cwd: project ?? folder, folder, env, limitMs: LIMIT_MS });
  try {
    const outputs: string[] = [];
    for (const step of steps) outputs.push(await outputOf(step, shell, baseUrl));
    return outputs;
  } finally {
    await shell.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Variables under which the commands of a reader print the same everywhere, and npm asks nobody. */
export const TERMINAL = {
  NO_PROXY: '*',
  LC_ALL: 'C',
  npm_config_offline: 'true',
  npm_config_update_notifier: 'false',
  npm_config_loglevel: 'error',
};

async function outputOf({ line, commands }: TourStep, shell: TourShell, baseUrl: string): Promise<string> {
  const { code, output, problem } = await shell.run(commands.replaceAll(ADDRESS_IN_README, baseUrl));
  if (code !== 0) throw new Error(`The block at line ${line} of README.md failed (${code}).\n${problem}\n${output}`);
  return output.replaceAll(baseUrl, ADDRESS_IN_README);
}
