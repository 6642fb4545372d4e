import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { startTestPostgres } from './test-postgres.mjs';
import { ADMIN_URL, createRunFolder, RUN_FOLDER } from './test-run.mjs';

/** @type {Awaited<ReturnType<typeof startTestPostgres>> | undefined} */
let postgres;

export default async function globalSetup() {
  const folder = createRunFolder();
  process.env[RUN_FOLDER] = folder;
  startGuard(folder);
  if (process.env[ADMIN_URL]) return;

  postgres = await startTestPostgres(folder);
  process.env[ADMIN_URL] = postgres.url;
}

export async function stopTestPostgres() {
  await postgres?.stop();
}

/**
 * Cleans up as soon as this process has ended, by any signal. After a clean run there is nothing left to do.
 *
 * @param {string} folder
 */
function startGuard(folder) {
  const guard = spawn(process.execPath, [join(import.meta.dirname, 'orphan-guard.mjs'), folder], {
    // A separate process group, so that Ctrl-C in the terminal doesn't reach it.
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    windowsHide: true,
  });
  guard.unref();
}
