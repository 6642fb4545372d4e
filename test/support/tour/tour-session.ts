import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createScratchFolder, removeFolder } from '../test-run.mjs';
import type { TourStep } from './readme-tour.js';

const ADDRESS_IN_README = 'http://127.0.0.1:3000';
const LIMIT_MS = 60_000;

/**
 * Runs all commands in one shell, so that variables last from block to block. Answers what each block printed;
 * rejects with the command and its line in the README when one of them fails.
 */
export async function runTour(steps: readonly TourStep[], baseUrl: string): Promise<string[]> {
  const folder = await createScratchFolder('tour');
  try {
    return await runTourIn(folder, steps, baseUrl);
  } finally {
    await removeFolder(folder);
  }
}

async function runTourIn(folder: string, steps: readonly TourStep[], baseUrl: string): Promise<string[]> {
  const script = join(folder, 'tour.sh');
  await writeFile(script, scriptOf(steps, baseUrl));

  const { code, stderr } = await runBash(script, folder);

  const outputs = await Promise.all(steps.map((_, index) => readIfThere(join(folder, `${index}.out`))));
  if (code !== 0) {
    const failed = outputs.findLastIndex((output) => output !== undefined);
    throw new Error(
      `The block at line ${steps[failed]?.line} of README.md failed (${code ?? 'killed'}).\n${stderr}\n${outputs[failed]}`,
    );
  }
  return outputs.map((output) => (output ?? '').replaceAll(baseUrl, ADDRESS_IN_README));
}

function scriptOf(steps: readonly TourStep[], baseUrl: string): string {
  const blocks = steps.map(
    ({ commands }, index) => `exec > ${index}.out\n${commands.replaceAll(ADDRESS_IN_README, baseUrl)}\n`,
  );
  return `set -euo pipefail\ntrap 'echo "failed: $BASH_COMMAND" >&2' ERR\n${blocks.join('')}`;
}

function runBash(script: string, cwd: string): Promise<{ code: number | null; stderr: string }> {
  return new Promise((resolve, reject) => {
    const bash = spawn('bash', ['--noprofile', '--norc', script], {
      cwd,
      env: { PATH: process.env.PATH, HOME: cwd, NO_PROXY: '*', LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: LIMIT_MS,
    });
    let stderr = '';
    bash.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
    bash.once('error', reject);
    bash.once('close', (code) => resolve({ code, stderr }));
  });
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
