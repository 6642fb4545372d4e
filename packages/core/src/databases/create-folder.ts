import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Files in it hold password hashes and personal data. */
const OWNER_ONLY = 0o700;

/**
 * Makes a folder and its missing parents, accessible to their owner alone. It goes level by level, because on Node 22 and
 * 24 `mkdir` with `recursive` never returns where a file system such as `/proc` refuses with ENOENT.
 */
export async function createFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await createFolder(dirname(path));
  try {
    await mkdir(path, { mode: OWNER_ONLY });
  } catch (error) {
    // Another process may have made it in the meantime.
    if (!(await isFolder(path))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return false;
    throw error;
  }
}
