// Runs beside a Jest run. Its standard input is a pipe from Jest, which closes when Jest ends, even by `kill -9`.
// Then it removes everything that the run has left.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = process.argv[2];
if (!folder) throw new Error('usage: orphan-guard.mjs <folder>');

process.stdin.resume();
process.stdin.on('end', () => void cleanUp(folder));

/** @param {string} folder */
async function cleanUp(folder) {
  const server = pidOfServerIn(join(folder, 'postgres'));
  for (let attempt = 0; attempt < 50 && signal(server, attempt < 25 ? 'SIGINT' : 'SIGQUIT'); attempt++) {
    await sleep(100);
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** @param {string} databaseDir */
function pidOfServerIn(databaseDir) {
  try {
    return Number.parseInt(readFileSync(join(databaseDir, 'postmaster.pid'), 'utf8'), 10);
  } catch {
    return undefined;
  }
}

/**
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} name
 */
function signal(pid, name) {
  if (!pid) return false;
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
