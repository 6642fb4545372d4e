import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import type { AppProcess } from '../../support/app-process.js';
import { stopped } from '../../support/stopped.js';

/**
 * Freezes a process, but not while it writes to one of these SQLite files: it would keep the file's lock, and
 * no process could write until it resumes. Its earlier output is dropped.
 */
export async function freeze(process: AppProcess, urls: readonly string[]): Promise<void> {
  process.stdout = '';
  process.stderr = '';
  for (;;) {
    signal(process, 'SIGSTOP');
    // Before, it may take the lock of a file.
    await stopped(process.pid);
    if (urls.every(isWritable)) return;
    signal(process, 'SIGCONT');
    await sleep(20);
  }
}

export function thaw(process: AppProcess): void {
  signal(process, 'SIGCONT');
}

function signal({ pid }: AppProcess, name: NodeJS.Signals): void {
  process.kill(pid, name);
}

function isWritable(url: string): boolean {
  if (!url.startsWith('sqlite:')) return true;
  const database = new Sqlite(url.slice('sqlite:'.length), { fileMustExist: true, timeout: 50 });
  try {
    database.exec('begin immediate');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'SQLITE_BUSY') return false;
    throw error;
  } finally {
    database.close();
  }
}
