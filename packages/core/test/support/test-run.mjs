// Plain JavaScript, like everything that globalSetup loads: Jest doesn't map `./x.js` to `./x.ts` there.
import { chmodSync, mkdtempSync, realpathSync, statfsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** The variables with which globalSetup tells the workers what it prepared. */
export const RUN_FOLDER = 'LEFTFOLD_TEST_FOLDER';
export const ADMIN_URL = 'TEST_DATABASE_URL';

const SHARED_MEMORY = '/dev/shm';
/** In bytes. A run uses a fifth of it. */
const ENOUGH_MEMORY = 4 * 1024 ** 3;

export function createRunFolder() {
  const folder = mkdtempSync(join(temporaryFolder(), 'leftfold-test-'));
  // mkdtemp makes it private; PostgreSQL's user must be able to enter it.
  chmodSync(folder, 0o755);
  return folder;
}

/**
 * An empty folder inside the run's folder, which is deleted at the end of the run.
 *
 * @param {string} name
 */
export async function createScratchFolder(name) {
  return mkdtemp(join(process.env[RUN_FOLDER] ?? temporaryFolder(), `${name}-`));
}

/** How the names of this run's template databases begin; other runs may share the server. */
export function templatePrefix() {
  return `leftfold_template_${basename(process.env[RUN_FOLDER] ?? '').replace(/\W/g, '')}`.toLowerCase();
}

/** @param {string} folder */
export async function removeFolder(folder) {
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/**
 * In memory if there is enough, because each commit waits for the disk, and no test cuts the power.
 *
 * @returns {string}
 */
function temporaryFolder() {
  // On macOS it is a link, and tools that resolve links then disagree about where a file is.
  return inMemory() ?? realpathSync(tmpdir());
}

/** @returns {string | undefined} */
function inMemory() {
  if (process.platform !== 'linux' || process.env.TMPDIR) return undefined;
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY);
    return bavail * bsize > ENOUGH_MEMORY ? SHARED_MEMORY : undefined;
  } catch {
    // This Linux has none.
    return undefined;
  }
}
