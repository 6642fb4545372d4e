import { chmod, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { CHECKOUT } from './checkout.mjs';

/** Servers keep their defaults, which are durable. With more room for the WAL, fewer checkpoints fall into a run. */
const FLAGS = ['max_wal_size=4GB', 'shared_buffers=256MB', 'listen_addresses=127.0.0.1', 'unix_socket_directories='];

/** A PostgreSQL server with a fresh database for each run. */
export class PostgresServer {
  private count = 0;

  private constructor(
    private readonly admin: pg.Client,
    private readonly url: URL,
    private readonly stop: () => Promise<void>,
  ) {}

  /** The server of `BENCH_DATABASE_URL`, or one that is started with its files in `folder`. */
  static async start(folder: string): Promise<PostgresServer> {
    const given = process.env.BENCH_DATABASE_URL;
    const { url, stop } = given ? { url: given, stop: async () => undefined } : await startEmbedded(folder);
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    return new PostgresServer(admin, new URL(url), stop);
  }

  async version(): Promise<string> {
    const { rows } = await this.admin.query<{ server_version: string }>('show server_version');
    return rows[0]!.server_version;
  }

  /** @param template database to copy; an empty one when left out. @returns the URL of a new database */
  async create(template = ''): Promise<string> {
    const name = `leftfold_bench_${process.pid}_${++this.count}`;
    const source = template === '' ? 'template0' : nameIn(template);
    await this.admin.query(`create database ${name} template ${source} strategy file_copy`);
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** Statistics and visibility as after a while in use. */
  async settle(url: string): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('vacuum analyze');
    await client.end();
    await this.checkpoint();
  }

  /** So that a run does not pay for what the run before has written. */
  async checkpoint(): Promise<void> {
    await this.admin.query('checkpoint');
  }

  async drop(url: string): Promise<void> {
    await this.admin.query(`drop database if exists ${nameIn(url)} with (force)`);
  }

  async close(): Promise<void> {
    await this.admin.end();
    await this.stop();
  }
}

function nameIn(url: string): string {
  return new URL(url).pathname.slice(1);
}

async function startEmbedded(folder: string) {
  const file = join(CHECKOUT, 'packages/core/test/support/reachable-postgres.mjs');
  const { loadEmbeddedPostgres } = (await import(
    pathToFileURL(file).href
  )) as typeof import('../../packages/core/test/support/reachable-postgres.mjs');
  await mkdir(folder);
  await chmod(folder, 0o755);
  const Embedded = await loadEmbeddedPostgres(folder);
  const port = await freePort();
  const said: string[] = [];
  const server = new Embedded({
    databaseDir: join(folder, 'db'),
    port,
    user: 'postgres',
    password: 'bench',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: FLAGS.flatMap((flag) => ['-c', flag]),
    onLog: (message) => said.push(message),
    onError: (message) => said.push(String(message)),
  });
  try {
    await server.initialise();
    await server.start();
    // Its hooks would stop PostgreSQL before the turn that is under way has ended.
    for (const signal of ['SIGINT', 'SIGTERM']) process.removeAllListeners(signal);
  } catch (error) {
    throw new Error(`PostgreSQL did not start. Name one in BENCH_DATABASE_URL. It said: ${said.join('')}`, {
      cause: error,
    });
  }
  return { url: `postgres://postgres:bench@127.0.0.1:${port}/postgres`, stop: () => server.stop() };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
