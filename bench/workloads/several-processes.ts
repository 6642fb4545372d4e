import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Target } from '../contract.js';
import { checkLog } from './check-log.js';
import type { Figure, Scale, Workload } from './workload.js';

const PROGRAM = join(import.meta.dirname, '..', 'leftfold', 'append-process.mjs');
const CALLERS = 64;

/** Processes that append to one database at the same time. */
export const SEVERAL_PROCESSES: Workload = {
  id: 'W10',
  contestants: ['leftfold'],
  engines: ['postgres'],
  rows: [
    { key: 'W10/1', title: 'append by one process, 64 callers', unit: 'appends/s' },
    {
      key: 'W10',
      title: 'append by three processes, 64 callers each, in sum',
      unit: 'appends/s',
      limit: { contestant: 'self', row: 'W10/1' },
      goal: 1.2,
    },
  ],
  run: async (open, target, scale) => {
    const one = await appendBy(1, target, scale);
    const three = await appendBy(3, target, scale);
    const store = await open(target);
    try {
      await checkLog(store, one.appended + three.appended);
    } finally {
      await store.close();
    }
    return { 'W10/1': one.figure, W10: three.figure };
  },
};

async function appendBy(
  processes: number,
  target: Target,
  { warmUp, time }: Scale,
): Promise<{ figure: Figure; appended: number }> {
  const order = JSON.stringify({ target, callers: CALLERS, warmUp, time });
  const children = Array.from({ length: processes }, () => fork(PROGRAM, [order]));
  try {
    await Promise.all(children.map((child) => messageOf(child)));
    for (const child of children) child.send('go');
    const counts = (await Promise.all(children.map((child) => messageOf(child)))) as {
      appended: number;
      before: number;
    }[];
    const appended = counts.reduce((sum, each) => sum + each.appended, 0);
    const before = counts.reduce((sum, each) => sum + each.before, 0);
    return { figure: { value: (appended / time) * 1_000 }, appended: appended + before };
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

/** The next message. @throws an error when the process ends first */
async function messageOf(child: ChildProcess): Promise<unknown> {
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`A process that appends ended with ${code}.`);
  });
  const [message] = (await Promise.race([once(child, 'message'), gone])) as [unknown];
  // The message has come, so the end of the process is no failure of it any more.
  gone.catch(() => undefined);
  return message;
}
