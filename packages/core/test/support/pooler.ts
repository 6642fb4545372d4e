import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.mjs';
import { runSql } from './stored-rows.js';

/** Debian keeps it out of the PATH of ordinary users. */
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];
const NOBODY = 65_534;

/** Path of the program, if this machine has it. */
export const PGBOUNCER = FOLDERS.map((folder) => join(folder, 'pgbouncer')).find(existsSync);

/** PgBouncer in front of the server of a database. */
export class Pooler {
  private constructor(
    /** The URL of the same database through PgBouncer. */
    readonly url: string,
    private readonly process: ChildProcess,
  ) {}

  /** @param folder for its settings */
  static async start(database: string, folder: string, settings: readonly string[]): Promise<Pooler> {
    const { hostname, port, username, password } = new URL(database);
    const listenPort = await freePort();
    const file = join(folder, 'pgbouncer.ini');
    await writeFile(
      file,
      `[databases]
* = host=${hostname} port=${port} user=${username} password=${decodeURIComponent(password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${listenPort}
unix_socket_dir =
auth_type = any
${settings.join('\n')}
`,
    );
    await chmod(folder, 0o755);
    // It refuses to run as root.
    const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    const pooler = spawn(PGBOUNCER!, ['-q', file], { stdio: 'ignore', ...user });
    const url = new URL(database);
    url.hostname = '127.0.0.1';
    url.port = String(listenPort);
    await eventually(() => runSql(url.href, 'select 1'));
    return new Pooler(url.href, pooler);
  }

  async stop(): Promise<void> {
    if (this.process.exitCode !== null) return;
    this.process.kill('SIGKILL');
    await once(this.process, 'exit');
  }
}
