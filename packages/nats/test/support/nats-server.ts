import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { eventually } from '../../../core/test/support/eventually.js';
import { freePort } from '../../../core/test/support/free-port.mjs';
import { stopped } from '../../../core/test/support/stopped.js';

/** Debian keeps it out of the PATH of ordinary users. */
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'];

/** Path of the program, if this machine has it. */
export const NATS_SERVER = FOLDERS.map((folder) => join(folder, 'nats-server')).find(existsSync);

export const NO_NATS_SERVER = 'nats-server is not installed; Debian has it in a package of that name.';

/** The most bytes of a message with its headers. */
export const MAX_PAYLOAD = 65_536;

/** Servers that form a cluster with this one. */
export interface ClusterPlace {
  readonly name: string;
  readonly port: number;
  readonly routes: readonly number[];
}

/** A broker with JetStream on a free port, which can be stopped and started again with what it has stored. */
export class NatsServer {
  private process: ChildProcess | undefined;

  private constructor(
    private readonly file: string,
    readonly port: number,
  ) {}

  /**
   * @param folder for its settings and data; it must be its own
   * @param settings further lines of its file
   */
  static async prepare(folder: string, cluster?: ClusterPlace, settings: readonly string[] = []): Promise<NatsServer> {
    const port = await freePort();
    const file = join(folder, 'nats.conf');
    const together = cluster && [
      `cluster { name: test, listen: "127.0.0.1:${cluster.port}",`,
      `  routes: [${cluster.routes.map((each) => `"nats://127.0.0.1:${each}"`).join(', ')}] }`,
    ];
    await writeFile(
      file,
      [
        `listen: "127.0.0.1:${port}"`,
        `server_name: "${cluster?.name ?? 'single'}"`,
        `max_payload: ${MAX_PAYLOAD}`,
        `jetstream { store_dir: "${folder}", max_mem: 64M, max_file: 256M }`,
        ...(together ?? []),
        ...settings,
      ].join('\n'),
    );
    return new NatsServer(file, port);
  }

  static async start(folder: string, settings: readonly string[] = []): Promise<NatsServer> {
    const server = await NatsServer.prepare(folder, undefined, settings);
    await server.start();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    this.process = spawn(NATS_SERVER!, ['--config', this.file], { stdio: 'ignore' });
    await eventually(() => accepts(this.port));
  }

  /** Kills it, as a power cut would. */
  async kill(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    if (!process || process.exitCode !== null) return;
    process.kill('SIGKILL');
    await once(process, 'exit');
  }

  /** Freezes it: it accepts connections and answers nothing. */
  async freeze(): Promise<void> {
    const { process } = this;
    process!.kill('SIGSTOP');
    await stopped(process!.pid!);
  }

  thaw(): void {
    this.process!.kill('SIGCONT');
  }
}

async function accepts(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}
