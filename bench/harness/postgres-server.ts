import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import type { Started } from './postgres-process.js';

/** A PostgreSQL server with a fresh database for each run. */
export class PostgresServer {
  private count = 0;

  private constructor(
    private readonly admin: pg.Client,
    private readonly url: URL,
    private readonly stop: () => Promise<void>,
  ) {}

  /** The server of `BENCH_DATABASE_URL`, or one that is started with its files in `folder`. */
  static async start(folder: string, { isQuick }: { isQuick: boolean }): Promise<PostgresServer> {
    const given = process.env.BENCH_DATABASE_URL;
    const { url, stop } = given ? { url: given, stop: async () => undefined } : await startEmbedded(folder, isQuick);
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

/**
 * In a process group of its own, which Ctrl+C does not reach: PostgreSQL is needed until the turn that is under way has been
 * cleared away. It ends with this process, also when that is killed.
 */
async function startEmbedded(folder: string, isQuick: boolean): Promise<{ url: string; stop: () => Promise<void> }> {
  const child = fork(join(import.meta.dirname, 'postgres-process.mjs'), [folder, isQuick ? 'quick' : 'durable'], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit');
  const failed = gone.then(([code, signal]) => ({ error: `its process ended with ${signal ?? code}` }));
  const said = once(child, 'message').then(([message]) => message as Started);
  const started = await Promise.race([said, failed]);
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await gone;
  };
  if ('url' in started) return { url: started.url, stop };
  await stop();
  throw new Error(`PostgreSQL did not start. Name one in BENCH_DATABASE_URL. It said: ${started.error}`);
}
