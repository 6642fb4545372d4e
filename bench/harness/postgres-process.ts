import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePort } from '../../packages/core/test/support/free-port.mjs';
import { CHECKOUT } from './checkout.mjs';

/** Servers keep their defaults, which are durable. With more room for the WAL, fewer checkpoints fall into a run. */
const FLAGS = ['max_wal_size=4GB', 'shared_buffers=256MB', 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
/** A check of the results needs no disk that is waited for. */
const QUICK = ['fsync=off', 'full_page_writes=off'];

/** What the process says when PostgreSQL has started, or has not. */
export type Started = { readonly url: string } | { readonly error: string };

const [folder = '', kind] = process.argv.slice(2);
const said: string[] = [];
const server = await embedded();
try {
  await server.initialise();
  await server.start();
  process.send?.({ url: server.url } satisfies Started);
} catch (error) {
  process.send?.({ error: said.join('') || String(error) } satisfies Started);
}
// The benchmark has ended, in whatever way.
if (process.connected) process.once('disconnect', () => void end());
else await end();

async function end(): Promise<void> {
  await server.stop();
  process.exit(0);
}

async function embedded() {
  const file = join(CHECKOUT, 'packages/core/test/support/reachable-postgres.mjs');
  const { loadEmbeddedPostgres } = (await import(
    pathToFileURL(file).href
  )) as typeof import('../../packages/core/test/support/reachable-postgres.mjs');
  await mkdir(folder);
  await chmod(folder, 0o755);
  const Embedded = await loadEmbeddedPostgres(folder);
  const port = await freePort();
  const postgres = new Embedded({
    databaseDir: join(folder, 'db'),
    port,
    user: 'postgres',
    password: 'bench',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [...FLAGS, ...(kind === 'quick' ? QUICK : [])].flatMap((flag) => ['-c', flag]),
    onLog: (message) => said.push(message),
    onError: (message) => said.push(String(message)),
  });
  return {
    url: `postgres://postgres:bench@127.0.0.1:${port}/postgres`,
    initialise: () => postgres.initialise(),
    start: () => postgres.start(),
    stop: () => postgres.stop(),
  };
}
