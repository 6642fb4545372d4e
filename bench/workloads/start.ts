import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { urlOf } from '../leftfold/target-url.js';
import { CHECKOUT } from '../harness/checkout.mjs';
import { median } from '../harness/statistics.js';
import type { Target } from '../contract.js';
import type { RowOfTable, Workload } from './workload.js';

const below = (seconds: number): RowOfTable['also'] => ({
  words: `< ${seconds} s`,
  isMet: ({ value }) => value < seconds * 1_000,
});

/** How long a person or a supervisor waits for the built application. */
export const START: Workload = {
  id: 'start',
  contestants: ['leftfold'],
  engines: ['sqlite'],
  rows: [
    { key: 'start', title: 'ready on an empty SQLite', unit: 'ms', isTime: true, also: below(0.6)! },
    { key: 'start --help', title: 'leftfold --help', unit: 'ms', isTime: true, also: below(0.15)! },
    { key: 'start stats', title: 'leftfold log stats', unit: 'ms', isTime: true },
  ],
  run: async (_, target, { isQuick }) => {
    if (!existsSync(join(CHECKOUT, 'dist', 'main.js'))) {
      throw new Error('The application is not built. Run "npm run build".');
    }
    // The first time reads the files from disk.
    const times = isQuick ? 2 : 6;
    const main = await timesOf(times, (index) => ready(target, index));
    // Statistics of a log with an event: the first operator.
    await ready(target, 0, { OPERATOR_EMAIL: 'olga@example.com', OPERATOR_PASSWORD: 'operators have long ones' });
    const cli = join(CHECKOUT, 'bin', 'leftfold.mjs');
    const help = await timesOf(times, () => ended(target, 0, [cli, '--help']));
    const stats = await timesOf(times, () => ended(target, 0, [cli, 'log', 'stats']));
    return { start: { value: main }, 'start --help': { value: help }, 'start stats': { value: stats } };
  },
};

/** Median, in ms, without the first. */
async function timesOf(count: number, run: (index: number) => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) times.push(await run(index));
  return median(times.slice(1));
}

/** Until the application says that it listens. */
async function ready(target: Target, index: number, more: NodeJS.ProcessEnv = {}): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [join(CHECKOUT, 'dist', 'main.js')], {
    cwd: target.folder,
    env: { ...environment(target, index), ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let said = '';
  const took = await new Promise<number>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      if (said.includes('Listening on')) resolve(performance.now() - start);
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.once('close', (code) => reject(new Error(`The application ended with ${code}: ${said.slice(-1_000)}`)));
  });
  child.kill('SIGTERM');
  await gone;
  return took;
}

async function ended(target: Target, index: number, command: readonly string[]): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, command, {
    cwd: target.folder,
    env: environment(target, index),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`${command.slice(1).join(' ')} ended with ${code}: ${said.slice(-1_000)}`);
  return performance.now() - start;
}

function environment(target: Target, index: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH ?? '',
    NODE_ENV: 'production',
    DATABASE_URL: urlOf(target).replace('events.sqlite', `log-${index}/events.sqlite`),
    JWT_SECRET: 'only-for-the-benchmark-and-long-enough',
    PERSONAL_DATA_KEY: 'cGVyc29uYWwgZGF0YSBvZiB0aGUgYmVuY2htYXJrISE=',
    PORT: '0',
  };
}
