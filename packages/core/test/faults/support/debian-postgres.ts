import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { freePort } from '../../support/free-port.mjs';
import { onceARun } from '../../support/once-a-run.js';
import { createScratchFolder } from '../../support/test-run.mjs';

const run = promisify(execFile);
const VERSIONS = '/usr/lib/postgresql';
const TOOLS = ['initdb', 'postgres', 'pg_basebackup', 'pg_dump', 'pg_restore'];
export const PASSWORD = 'only-for-tests';
const START_LIMIT_MS = 20_000;

/** The folder with PostgreSQL's own programs, from Debian's packages or the PATH; the newest version. */
export function findPostgresPrograms(): string | undefined {
  const versions = existsSync(VERSIONS) ? readdirSync(VERSIONS).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(VERSIONS, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ];
  return folders.find((folder) => TOOLS.every((tool) => existsSync(join(folder, tool))));
}

/** A separate cluster in a separate folder, with Debian's server. */
export class DebianCluster {
  private constructor(
    private readonly programs: string,
    private readonly server: ChildProcess,
    private readonly port: number,
  ) {}

  /** A new cluster. */
  static async start(programs: string): Promise<DebianCluster> {
    const folder = await clusterFolder();
    await initialise(programs, folder);
    const owner = serverUser();
    const data = join(folder, 'data');
    const port = await freePort();
    const settings = ['fsync=off', 'listen_addresses=127.0.0.1', 'unix_socket_directories='];
    const server = spawn(
      join(programs, 'postgres'),
      ['-D', data, '-p', String(port), ...settings.map((setting) => `-c${setting}`)],
      { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let log = '';
    server.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const limit = Date.now() + START_LIMIT_MS;
    while (!log.includes('ready to accept connections')) {
      if (server.exitCode !== null || Date.now() > limit) throw new Error(`PostgreSQL did not start:\n${log}`);
      await sleep(50);
    }
    return new DebianCluster(programs, server, port);
  }

  url(database: string): string {
    return `postgres://postgres:${PASSWORD}@127.0.0.1:${this.port}/${database}`;
  }

  async createDatabase(name: string): Promise<void> {
    const client = new Client({ connectionString: this.url('postgres') });
    await client.connect();
    try {
      await client.query(`create database ${name} template template0`);
    } finally {
      await client.end();
    }
  }

  async dump(database: string, file: string): Promise<void> {
    await run(join(this.programs, 'pg_dump'), ['--format=custom', `--file=${file}`, this.url(database)]);
  }

  async restore(file: string, database: string): Promise<void> {
    await this.createDatabase(database);
    await run(join(this.programs, 'pg_restore'), ['--exit-on-error', `--dbname=${this.url(database)}`, file]);
  }

  async stop(): Promise<void> {
    if (this.server.exitCode !== null) return;
    const ended = new Promise((resolve) => this.server.once('exit', resolve));
    this.server.kill('SIGINT');
    await ended;
  }
}

export async function clusterFolder(): Promise<string> {
  const folder = await createScratchFolder('cluster');
  // PostgreSQL refuses to run as root; its own user must have access.
  await chmod(folder, 0o755);
  return folder;
}

/** Fills `data` in the folder by copying a cluster that has never been started. */
export async function initialise(programs: string, folder: string): Promise<void> {
  const original = await onceARun('cluster', (empty) => initialiseIn(programs, empty));
  await run('cp', ['-a', join(original, 'data'), folder]);
}

async function initialiseIn(programs: string, folder: string): Promise<void> {
  // PostgreSQL's own user must have access.
  await chmod(folder, 0o755);
  const owner = serverUser();
  const data = join(folder, 'data');
  await mkdir(data, { mode: 0o700 });
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, PASSWORD);
  if (owner) await chown(data, owner.uid, owner.gid);
  await run(
    join(programs, 'initdb'),
    [`--pgdata=${data}`, '--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-sync'].concat(
      ['--encoding=UTF8', '--locale=C'],
    ),
    { ...owner, cwd: folder },
  );
}

/** Root runs it as `postgres`, which Debian's package creates; any other user runs it directly. */
export function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (kind: string): number => Number(execFileSync('id', [kind, 'postgres'], { encoding: 'utf8' }));
  return { uid: idOf('-u'), gid: idOf('-g') };
}
