import { link, open, rename, rm } from 'node:fs/promises';
import { BackupExistsError } from './backup.errors.js';

/**
 * Gives a finished file its name. Unlike a rename, it never replaces a file that another process has made meanwhile.
 * @param hardLink for tests
 * @throws BackupExistsError when there is a file of that name
 */
export async function putInPlace(part: string, to: string, hardLink = link): Promise<void> {
  try {
    await hardLink(part, to);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw new BackupExistsError(to);
    // Some file systems, such as FAT and network shares, have no hard links.
    return claimAndRename(part, to);
  }
  await rm(part);
}

/** Creates the name first, which fails if there is one, and renames onto it. */
async function claimAndRename(part: string, to: string): Promise<void> {
  try {
    await (await open(to, 'wx')).close();
  } catch (error) {
    throw codeOf(error) === 'EEXIST' ? new BackupExistsError(to) : error;
  }
  try {
    await rename(part, to);
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
