import { randomUUID } from 'node:crypto';
import { rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createFolder } from '../../databases/create-folder.js';
import { NoEventLogError } from '../../databases/database-unusable.error.js';
import { BackupFailedError, BackupExistsError } from './backup.errors.js';
import { type CopyProgress, copySqlite, flushToDisk } from './copy-sqlite.js';
import type { BackupPlan, FileCopy } from './backup-plan.js';
import { putInPlace } from './put-in-place.js';

/** Options for following and interrupting a backup. */
export interface BackupOptions {
  /** Interrupts it. Then nothing is left behind. */
  readonly signal: AbortSignal;
  /** Called about twice a second, with the name of the file that is being copied. */
  readonly onProgress: (file: string, progress: CopyProgress) => void;
}

/** A finished copy. */
export interface CopiedFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Makes the folder and the copies of a plan, all or none, one after the other in the plan's order. Other processes may
 * write in the meantime. A file that is there is never replaced, not even that of another backup that runs at the same time.
 * @param plan from `planBackup`; its `dumps` are not run here
 * @throws NoEventLogError, BackupExistsError, BackupFailedError
 */
export async function backUp({ folder, copies }: BackupPlan, options: BackupOptions): Promise<CopiedFile[]> {
  const wanted = await refuseMissing(copies);
  for (const { to } of wanted) if (await exists(to)) throw new BackupExistsError(to);
  const isNew = !(await exists(folder));
  try {
    await createFolder(folder);
    return wanted.length === 0 ? [] : await copyAll(wanted, options);
  } catch (error) {
    // Another process may have put files there; then the folder can't be removed and stays. The error below has the
    // cause.
    if (isNew) await rmdir(folder).catch(() => undefined);
    if (error instanceof BackupFailedError || error instanceof BackupExistsError || options.signal.aborted) throw error;
    throw new BackupFailedError(folder, (error as Error).message, { cause: error });
  }
}

async function copyAll(copies: readonly FileCopy[], { signal, onProgress }: BackupOptions): Promise<CopiedFile[]> {
  const parts: { part: string; to: string }[] = [];
  const finished: string[] = [];
  try {
    for (const { from, to } of copies) {
      signal.throwIfAborted();
      const part = join(dirname(to), `.${basename(to)}.${randomUUID()}.part`);
      await copySqlite(from, part, { signal, onProgress: (progress) => onProgress(basename(to), progress) });
      parts.push({ part, to });
    }
    // Only when all copies are complete, because a single one would look like a backup.
    for (const { part, to } of parts) {
      await putInPlace(part, to);
      finished.push(to);
    }
    if (process.platform !== 'win32') await flushToDisk(dirname(parts[0]!.to), 'r');
  } catch (error) {
    for (const file of [...parts.map(({ part }) => part), ...finished]) await rm(file, { force: true });
    throw error;
  }
  return Promise.all(finished.map(async (path) => ({ path, bytes: (await stat(path)).size })));
}

/** Read models that don't exist yet can be rebuilt from the log. A missing log can't be replaced. */
async function refuseMissing(copies: readonly FileCopy[]): Promise<FileCopy[]> {
  const there: FileCopy[] = [];
  for (const copy of copies) {
    if (await exists(copy.from)) there.push(copy);
    else if (copy.name === 'events') throw new NoEventLogError(copy.from);
  }
  return there;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}
