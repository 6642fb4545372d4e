import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Target } from '../contract.js';
import type { Figures } from '../workloads/workload.js';
import { CHECKOUT } from './checkout.mjs';

/** What a contestant's process does. */
export interface Job {
  readonly phase: 'fill' | 'run';
  readonly contestant: string;
  readonly workload: string;
  readonly target: Target;
  readonly isQuick: boolean;
}

/** What it sends back. `wrong`: the result is wrong; `error`: it could not be measured. */
export interface Outcome {
  readonly figures?: Figures;
  readonly wrong?: string;
  readonly error?: string;
}

const BENCH = join(import.meta.dirname, '..');
/** A run that takes longer hangs, in ms. */
const LONGEST = 30 * 60_000;

/** Runs a job in a process of its own. @param checkout whose Leftfold is measured */
export function runJob(job: Job, checkout = CHECKOUT): Promise<Outcome> {
  return new Promise((resolve) => {
    let outcome: Outcome | undefined;
    const said: string[] = [];
    const child = fork(join(BENCH, 'program.mjs'), [JSON.stringify(job)], {
      cwd: checkout,
      env: { ...process.env, LEFTFOLD_BENCH_CHECKOUT: checkout, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      timeout: LONGEST,
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => said.push(String(chunk)));
    child.on('message', (message) => (outcome = message as Outcome));
    child.on('error', (error) => resolve({ error: error.message }));
    child.on('close', (code, signal) => {
      const tail = said.join('').trim().slice(-2_000);
      if (code === 0 && outcome) resolve(outcome);
      else resolve({ error: `its process ended with ${signal ?? code}${tail && `: ${tail}`}` });
    });
  });
}
