import { execFile } from 'node:child_process';
import { open, rm, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { BackupFailedError } from './backup.errors.js';

/** Progress of a copy. */
export interface CopyProgress {
  /** In bytes. The copy is at most as large as the original. */
  readonly copied: number;
  readonly of: number;
}

export interface CopyOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: CopyProgress) => void;
}

const PROGRAM = fileURLToPath(new URL('vacuum-program.js', import.meta.url));
/** Interval between progress reports, in ms. */
const PROGRESS_INTERVAL = 500;
/** The file holds password hashes. */
const OWNER_ONLY = 0o600;

/**
 * Copies a SQLite file that may be in use, as of one moment, into a new file. When it settles, the copy is on disk;
 * when it rejects, there is none.
 * @throws BackupFailedError
 */
export async function copySqlite(from: string, to: string, { signal, onProgress }: CopyOptions): Promise<void> {
  const reporting = setInterval(() => void reportProgress(), PROGRESS_INTERVAL);
  const reportProgress = async (): Promise<void> => {
    // Either file may be missing at this moment.
    const [copy, original] = await Promise.all([stat(to), stat(from)]).catch(() => []);
    if (copy && original) onProgress({ copied: Math.min(copy.size, original.size), of: original.size });
  };
  try {
    await (await open(to, 'wx', OWNER_ONLY)).close();
    await runVacuum(from, to, signal);
    await flushToDisk(to);
  } catch (error) {
    for (const file of [to, `${to}-journal`]) await rm(file, { force: true });
    if (signal.aborted) throw signal.reason;
    throw new BackupFailedError(from, (error as Error).message, { cause: error });
  } finally {
    clearInterval(reporting);
  }
}

function runVacuum(from: string, to: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [PROGRAM, from, to], { signal, killSignal: 'SIGKILL' }, (error, _stdout, stderr) => {
      if (error) reject(new Error(stderr.trim() || error.message, { cause: error }));
      else resolve();
    });
  });
}

/** SQLite leaves flushing to its caller. A folder can't be opened for writing. */
export async function flushToDisk(path: string, flags: 'r+' | 'r' = 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
