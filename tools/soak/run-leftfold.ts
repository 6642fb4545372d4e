import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The master key of personal data of all nodes. */
export const PERSONAL_DATA_KEY = 'cGVyc29uYWwgZGF0YSBvZiB0aGUgc29hayB0ZXN0ISE=';

const ROOT = join(import.meta.dirname, '..', '..');

/** Runs the command line of the built application on a database. */
export async function runLeftfold(
  url: string,
  args: readonly string[],
): Promise<{ code: number | null; output: string; errors: string }> {
  const child = spawn(process.execPath, [join(ROOT, 'bin', 'leftfold.mjs'), ...args], {
    env: { ...process.env, DATABASE_URL: url, PERSONAL_DATA_KEY, NODE_ENV: 'development' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output, errors };
}
