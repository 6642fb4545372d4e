import { chmod, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Logger } from '@nestjs/common';

/** The file holds password hashes and personal data. */
const OWNER_ONLY = 0o600;
const OWNER_BITS = 0o700;
const OTHERS = 0o077;
const logger = new Logger('Files');
/** Folders that this process has warned of: several databases may be in one. */
const warnedOf = new Set<string>();

/**
 * Creates the file of a SQLite database with access for its owner alone, before SQLite opens it. SQLite gives its
 * write-ahead log and shared memory the same mode. Access by other users to existing files is removed, with a warning.
 * For an existing folder there is only a warning, because it may hold other things. Does nothing on Windows, which has
 * no such file modes.
 */
export async function keepPrivate(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await (await open(path, 'a', OWNER_ONLY)).close();
  for (const file of [path, `${path}-wal`, `${path}-shm`]) await removeAccessOfOthers(file);
  const folder = dirname(path);
  if (((await modeOf(folder)) ?? 0) & OTHERS && !warnedOf.has(folder)) {
    warnedOf.add(folder);
    logger.warn(`The folder ${folder} is open to other users of this machine. Close it: chmod 700 ${folder}`);
  }
}

async function removeAccessOfOthers(file: string): Promise<void> {
  const mode = await modeOf(file);
  if (mode === undefined || !(mode & OTHERS)) return;
  try {
    await chmod(file, mode & OWNER_BITS);
    logger.warn(`${file} was open to other users of this machine (mode ${mode.toString(8)}). It is not any more.`);
  } catch (error) {
    // The file may belong to another user and still be usable.
    const { code } = error as { code?: string };
    if (code === 'ENOENT') return;
    logger.warn(`${file} is open to other users of this machine, and stays so (${code}). Close it: chmod 600 ${file}`);
  }
}

/** Undefined when the file does not exist. */
async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return undefined;
    throw error;
  }
}
