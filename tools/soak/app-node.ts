import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '..', '..');
const LISTENING = /http:\/\/127\.0\.0\.1:(?!0\b)\d+/;
const START_LIMIT = 60_000;
/** An application has 10 s to drain. More, because the machine is busy. */
const STOP_LIMIT = 30_000;
/** How much of the output is kept for a report, in characters. */
const KEPT = 4_000;

/** A node of the application: the built program in a process of its own. */
export class AppNode {
  /** Undefined while it does not listen. */
  url: string | undefined;
  isFrozen = false;
  private child: ChildProcess | undefined;
  private isStarting = false;
  private output = '';

  constructor(
    readonly name: string,
    private readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** @throws Error when it ends, or does not listen in time */
  async start(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const { PATH, HOME, TMPDIR } = process.env;
    const child = spawn(process.execPath, [join(ROOT, 'dist', 'main.js')], {
      cwd: this.folder,
      env: { ...defined({ PATH, HOME, TMPDIR }), PORT: '0', NODE_ENV: 'development', ...this.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.isStarting = true;
    this.output = '';
    const hear = (chunk: string): void => {
      this.output = (this.output + chunk).slice(-KEPT);
      if (this.isStarting) this.url ??= LISTENING.exec(this.output)?.[0];
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    child.once('exit', () => (this.url = undefined));
    try {
      await this.listening();
    } finally {
      this.isStarting = false;
    }
  }

  private async listening(): Promise<void> {
    for (const deadline = Date.now() + START_LIMIT; this.url === undefined; await sleep(20)) {
      if (!this.isRunning) throw new Error(`${this.name} ended instead of starting. It said:\n${this.output}`);
      if (Date.now() > deadline)
        throw new Error(`${this.name} does not listen after ${START_LIMIT / 1_000} s:\n${this.output}`);
    }
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child || !this.isRunning) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
    this.isFrozen = false;
  }

  /** Asks it to end, as an orchestrator does. @returns its exit code; null when it had to be killed */
  async stop(): Promise<number | null> {
    const { child } = this;
    if (!child || !this.isRunning) return 0;
    const ended = once(child, 'exit') as Promise<[number | null]>;
    child.kill('SIGTERM');
    const late = sleep(STOP_LIMIT, 'late' as const, { ref: false });
    if ((await Promise.race([ended, late])) === 'late') {
      await this.kill();
      return null;
    }
    return (await ended)[0];
  }

  freeze(): void {
    this.isFrozen = this.child?.kill('SIGSTOP') ?? false;
  }

  thaw(): void {
    if (this.isFrozen) this.child?.kill('SIGCONT');
    this.isFrozen = false;
  }

  get lastWords(): string {
    return this.output;
  }
}

function defined(values: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
