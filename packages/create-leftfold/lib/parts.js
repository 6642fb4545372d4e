import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';

const PACKAGE = join(import.meta.dirname, '..');
/** npm leaves files with this name out of packages. */
const RENAMED = new Map([['gitignore', '.gitignore']]);

/**
 * A part of an application that this package contains.
 *
 * @param {string} part a folder of this package
 * @returns {Promise<Map<string, string>>} texts by path
 */
export async function readPart(part) {
  const folder = join(PACKAGE, part);
  const files = new Map();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const path = file
      .slice(folder.length + 1)
      .split(sep)
      .join('/');
    files.set(RENAMED.get(path) ?? path, await readFile(file, 'utf8'));
  }
  return new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** The version of this package, which all Leftfold packages share. */
export async function ownVersion() {
  const { version } = JSON.parse(await readFile(join(PACKAGE, 'package.json'), 'utf8'));
  return /** @type {string} */ (version);
}
