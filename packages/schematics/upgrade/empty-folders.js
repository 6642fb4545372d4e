import { rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Deletes the folders that these files leave empty: schematics delete files only. Folders with other files stay.
 * @param {readonly string[]} paths of files
 */
export function removeEmptyFolders(paths) {
  const folders = new Set(paths.flatMap((path) => foldersOf(path)));
  // The longest path first: a folder is empty once its subfolders are gone.
  for (const folder of [...folders].toSorted((one, other) => other.length - one.length)) {
    try {
      rmdirSync(join(process.cwd(), folder));
    } catch (error) {
      const { code = '' } = /** @type {NodeJS.ErrnoException} */ (error);
      if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(code)) throw error;
    }
  }
}

/** @param {string} path @returns {string[]} */
function foldersOf(path) {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...foldersOf(folder)];
}
