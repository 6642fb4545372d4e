import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  clusterFolder,
  findPostgresPrograms,
  initialise,
  PASSWORD,
  serverUser,
} from '../faults/support/debian-postgres.js';
import type { TestDatabase } from './databases.js';
import { freePort } from './free-port.mjs';
import { closeConnectionsTo } from './side-connections.js';
import { stopped } from './stopped.js';
import { runSql } from './stored-rows.js';

const run = promisify(execFile);
const START_LIMIT = 20_000;
const SETTINGS = [
  'fsync=off',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=60',
  // Two replicas are copied at once: the checkpoint for one would remove what the other is about to read.
  'wal_keep_size=256MB',
  'wal_receiver_status_interval=100ms',
  'wal_retrieve_retry_interval=100ms',
];

/** The folder with PostgreSQL's programs, if this machine has them; the embedded server comes without pg_basebackup. */
export const REPLICATION = findPostgresPrograms();

/** A server of PostgreSQL in a folder of its own: a primary, or a streaming replica of one. */
export class PostgresServer {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly folder: string,
    readonly port: number,
    private readonly settings: readonly string[],
  ) {}

  static async primary(...settings: string[]): Promise<PostgresServer> {
    const folder = await clusterFolder();
    await initialise(REPLICATION!, folder);
    return new PostgresServer(folder, await freePort(), settings).started();
  }

  /** Copied with pg_basebackup, and follows this server. */
  async replica(): Promise<PostgresServer> {
    const folder = await clusterFolder();
    const owner = serverUser();
    if (owner) await run('chown', [`${owner.uid}:${owner.gid}`, folder]);
    const from = ['-h', '127.0.0.1', '-p', String(this.port), '-U', 'postgres'];
    await run(
      join(REPLICATION!, 'pg_basebackup'),
      [...from, '-D', join(folder, 'data'), '-X', 'stream', '-R', '-c', 'fast', '--no-sync'],
      { ...owner, cwd: folder, env: { PGPASSWORD: PASSWORD } },
    );
    return new PostgresServer(folder, await freePort(), this.settings).started();
  }

  url(database = 'postgres'): string {
    return `postgres://postgres:${PASSWORD}@127.0.0.1:${this.port}/${database}`;
  }

  /** A new database for the log and the read models. */
  async createDatabase(name: string): Promise<TestDatabase> {
    await runSql(this.url(), `create database ${name} template template0`);
    const folder = join(this.folder, name);
    await mkdir(folder);
    const url = this.url(name);
    return { kind: 'postgres', url, viewsUrl: url, folder, drop: () => closeConnectionsTo(url) };
  }

  /** A replica no longer applies what it receives. */
  async pauseReplay(): Promise<void> {
    await runSql(this.url(), 'select pg_wal_replay_pause()');
  }

  async resumeReplay(): Promise<void> {
    await runSql(this.url(), 'select pg_wal_replay_resume()');
  }

  async promote(): Promise<void> {
    await runSql(this.url(), 'select pg_promote()');
  }

  /** With all of its sessions. */
  async freeze(): Promise<void> {
    const processes = this.processes();
    for (const pid of processes) signal(pid, 'SIGSTOP');
    for (const pid of processes) await stopped(pid);
  }

  thaw(): void {
    for (const pid of this.processes()) signal(pid, 'SIGCONT');
  }

  /** The server, first, and its children, which are in process groups of their own. */
  private processes(): number[] {
    const { pid, exitCode } = this.process!;
    if (exitCode !== null) return [];
    const children = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' }).stdout;
    return [pid!, ...children.trim().split(/\s+/).map(Number)];
  }

  /** @param signal PostgreSQL's fast shutdown, or its immediate one, which is a crash */
  async stop(signal: 'SIGINT' | 'SIGQUIT' = 'SIGINT'): Promise<void> {
    const { process: running } = this;
    if (!running || running.exitCode !== null) return;
    await closeConnectionsTo(this.url());
    const ended = once(running, 'exit');
    running.kill(signal);
    await ended;
  }

  /** On the same data and port. */
  async started(): Promise<this> {
    const args = ['-D', join(this.folder, 'data'), '-p', String(this.port)];
    const server = spawn(
      join(REPLICATION!, 'postgres'),
      [...args, ...[...SETTINGS, ...this.settings].map((setting) => `-c${setting}`)],
      { ...serverUser(), cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let log = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const limit = Date.now() + START_LIMIT;
    while (!/ready to accept (?:read-only )?connections/.test(log)) {
      if (server.exitCode !== null || Date.now() > limit) throw new Error(`PostgreSQL did not start:\n${log}`);
      await sleep(20);
    }
    this.process = server;
    return this;
  }
}

/** Backends come and go: one may have ended since it was listed. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
