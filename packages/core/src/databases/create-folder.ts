import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What is put in it holds password hashes and personal data. */
const OWNER_ALONE = 0o700;

/**
 * Makes a folder and those above it, for their owner alone. Level by level, because `mkdir` with `recursive` never returns on Node 20 where a
 * file system such as `/proc` refuses with ENOENT.
 */
export async function createFolder(path: string): Promise<void> {
  if (await isFolder(path)) return;
  if (dirname(path) !== path) await createFolder(dirname(path));
  try {
    await mkdir(path, { mode: OWNER_ALONE });
  } catch (error) {
    // Somebody else may have made it meanwhile.
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
