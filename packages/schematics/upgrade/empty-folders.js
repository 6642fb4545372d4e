import { rmdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The folders that the files leave behind, once these are deleted: schematics delete files only. Those that still hold something stay.
 * @param {readonly string[]} paths of files
 */
export function removeEmptyFolders(paths) {
  const folders = new Set(paths.flatMap((path) => foldersOf(path)));
  // The longest first: a folder is empty when those in it are gone.
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
