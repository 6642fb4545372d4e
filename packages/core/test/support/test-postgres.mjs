import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.mjs';
import { loadEmbeddedPostgres } from './reachable-postgres.mjs';

const USER = 'postgres';
const PASSWORD = 'only-for-tests';

/**
 * A real PostgreSQL server, for example one for a whole Jest run.
 *
 * @param {string} folder for its data; when it runs as root, the user `postgres` must be able to reach it
 */
export async function startTestPostgres(folder) {
  const EmbeddedPostgres = await loadEmbeddedPostgres(folder);
  const port = await freePort();
  /** @type {string[]} */
  const log = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'postgres'),
    port,
    user: USER,
    password: PASSWORD,
    // With `trust` a wrong password would be accepted, and no test could notice.
    authMethod: 'scram-sha-256',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      '-cfsync=off',
      '-cfull_page_writes=off',
      '-cmax_connections=300',
      '-cautovacuum=off',
      '-cio_method=sync',
      '-cwal_level=minimal',
      '-cmax_wal_senders=0',
      // Each session derives the key from the password, and 4,096 rounds are 4 ms of CPU.
      '-cscram_iterations=1',
      '-clisten_addresses=127.0.0.1',
      '-cunix_socket_directories=',
    ],
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });

  const url = `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`;
  try {
    await server.initialise();
    await server.start();
    await storePasswordAgain(url);
  } catch (error) {
    throw new Error(`The PostgreSQL for the tests did not start. It said:\n${log.join('')}`, { cause: error });
  }

  return {
    url,
    stop: () => server.stop(),
    /**
     * Stops it, and starts it again on the same data.
     *
     * @param {'SIGINT' | 'SIGQUIT'} signal PostgreSQL's fast shutdown, or its immediate one, which is a crash
     * @param {number} pause between the two, in ms
     */
    restart: async (signal, pause) => {
      const pid = Number.parseInt(await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8'), 10);
      process.kill(pid, signal);
      while (isRunning(pid)) await sleep(10);
      await sleep(pause);
      await server.start();
    },
  };
}

/**
 * With the rounds of the server's settings; `initdb` does not know them.
 *
 * @param {string} url
 */
async function storePasswordAgain(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`alter user ${USER} password '${PASSWORD}'`);
  await client.end();
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
