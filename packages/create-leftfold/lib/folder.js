import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Refusal } from './refusal.js';

/** Files of `git init` in an otherwise empty folder. */
const ALLOWED = '.git';

/**
 * @param {string} folder
 * @throws {Refusal} when the folder has files that would be overwritten or mixed up with the application
 */
export async function refuseUsed(folder) {
  const used = (await namesIn(folder)).filter((name) => name !== ALLOWED);
  if (used.length === 0) return;
  throw new Refusal(`${folder} is not empty: it has ${used[0]}. Choose a folder that is new or empty.`);
}

/** @param {string} folder */
async function namesIn(folder) {
  try {
    return await readdir(folder);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOENT') return [];
    if (code === 'ENOTDIR') throw new Refusal(`${folder} is a file. Choose a folder that is new or empty.`);
    throw error;
  }
}

/**
 * @param {string} folder
 * @param {ReadonlyMap<string, string>} files texts by path
 */
export async function writeFiles(folder, files) {
  for (const [path, text] of files) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
