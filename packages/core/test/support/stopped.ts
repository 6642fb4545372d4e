import { readdirSync, readFileSync } from 'node:fs';
import { platform } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Settles when every thread of a process stands still after a SIGSTOP, or the process has ended. Until then it may go on to
 * answer: a thread stops when it leaves a call of the system, and on a busy machine when it runs again. Linux alone tells.
 */
export async function stopped(pid: number): Promise<void> {
  if (platform !== 'linux') return;
  while (!standsStill(pid)) await sleep(1);
}

/** Source: proc_pid_stat(5), field state. */
function standsStill(pid: number): boolean {
  const threads = `/proc/${pid}/task`;
  return ifThere(() => readdirSync(threads), []).every((thread) => {
    const stat = ifThere(() => readFileSync(`${threads}/${thread}/stat`, 'utf8'), '');
    return stat === '' || /[Tt]/.test(stat.charAt(stat.lastIndexOf(')') + 2));
  });
}

/** Processes and threads come and go: what was listed may have ended. */
function ifThere<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return otherwise;
    throw error;
  }
}
