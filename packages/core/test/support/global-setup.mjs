import { spawn } from 'node:child_process';
import { join } from 'node:path';
import pg from 'pg';
import { startTestPostgres } from './test-postgres.mjs';
import { ADMIN_URL, createRunFolder, RUN_FOLDER, templatePrefix } from './test-run.mjs';

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
  if (postgres) await postgres.stop();
  else await dropTemplates();
}

/** Leaves nothing of this run on a server that goes on. */
async function dropTemplates() {
  const client = new pg.Client({ connectionString: process.env[ADMIN_URL] });
  await client.connect();
  try {
    const { rows } = await client.query('select datname from pg_database where starts_with(datname, $1)', [
      templatePrefix(),
    ]);
    for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`);
  } finally {
    await client.end();
  }
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
