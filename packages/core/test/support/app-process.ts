import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { FairLimit } from './fair-limit.js';
import { createScratchFolder } from './test-run.mjs';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface AppProcessOptions {
  /** The script that Node runs, such as `(await builtApp()).main`. */
  readonly script: string;
  readonly args?: readonly string[];
  /** In addition to PORT=0 and NODE_ENV=development. Nothing else is inherited, especially not a developer's DATABASE_URL. */
  readonly env?: Readonly<Record<string, string>>;
  /** Default: an empty folder, so that no `.env` and no `data/` of this repository is found. */
  readonly cwd?: string;
}

const LISTENING = /http:\/\/127\.0\.0\.1:(?!0\b)\d+/;
const INHERITED = [
  'PATH',
  'HOME',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'LANG',
  'TZ',
  'LEFTFOLD_COVERAGE',
  'LEFTFOLD_COVERAGE_OF',
];
const running = new Set<AppProcess>();

/** A program under test in a separate process: its output, its address, its end. */
export class AppProcess {
  stdout = '';
  stderr = '';
  readonly exited: Promise<Exit>;
  private exit: Exit | undefined;

  private constructor(private readonly child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (this.stdout += chunk));
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (this.stderr += chunk));
    running.add(this);
    this.exited = new Promise((resolve) => {
      // 'close' rather than 'exit': only then has all output arrived.
      child.once('close', (code, signal) => {
        running.delete(this);
        this.exit = { code, signal };
        resolve(this.exit);
      });
    });
  }

  /** Starts it without waiting. */
  static async spawn(options: AppProcessOptions): Promise<AppProcess> {
    const child = spawn(process.execPath, [options.script, ...(options.args ?? [])], {
      cwd: options.cwd ?? (await createScratchFolder('app')),
      env: { ...inherited(), PORT: '0', NODE_ENV: 'development', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new AppProcess(child);
  }

  /** Starts it, and waits until it has printed its URL. */
  static async start(options: AppProcessOptions & { readonly limitMs?: number }): Promise<AppProcess> {
    const app = await AppProcess.spawn(options);
    await app.waitFor(LISTENING, options.limitMs);
    return app;
  }

  /** Starts it, and waits until it has ended by itself. */
  static async run(options: AppProcessOptions & { readonly limitMs?: number }): Promise<AppProcess & Exit> {
    const app = await AppProcess.spawn(options);
    return Object.assign(app, await app.end(options.limitMs));
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('The process was never started.');
    return this.child.pid;
  }

  get output(): string {
    return this.stdout + this.stderr;
  }

  get isRunning(): boolean {
    return this.exit === undefined;
  }

  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  get url(): string {
    const url = LISTENING.exec(this.output)?.[0];
    if (!url) throw this.problem('has not said where it listens');
    return url;
  }

  /** Lines of level error or fatal, in Pino's JSON or in plain text. */
  get errorLines(): string[] {
    return this.output.split(/\r?\n/).filter(isErrorLine);
  }

  /** Resolves as soon as the output matches; rejects when the process ends before, or after the limit. */
  async waitFor(pattern: RegExp, limitMs = 20_000): Promise<RegExpExecArray> {
    const limit = new FairLimit(this.pid, limitMs);
    while (!limit.isOver) {
      const match = pattern.exec(this.output);
      if (match) return match;
      if (!this.isRunning) throw this.problem(`ended before it printed ${pattern}`);
      await sleep(20);
    }
    await this.kill();
    throw this.problem(`did not print ${pattern} within ${limitMs} ms`);
  }

  /** Stops reading its standard output when that matches, as a program behind a pipe does that gets the same Ctrl+C. */
  stopReadingAt(pattern: RegExp): void {
    this.child.stdout!.on('data', () => pattern.test(this.stdout) && this.child.stdout!.destroy());
  }

  /** Sends the signal that `docker stop` sends. Rejects, and kills the process, when it takes longer than the limit. */
  async stop(limitMs = 10_000): Promise<Exit> {
    this.child.kill('SIGTERM');
    return this.end(limitMs);
  }

  /** Ends it at once, as a power cut does. */
  async kill(): Promise<Exit> {
    this.child.kill('SIGKILL');
    return this.exited;
  }

  private async end(limitMs = 20_000): Promise<Exit> {
    const limit = new FairLimit(this.pid, limitMs);
    while (!limit.isOver) {
      const exit = await Promise.race([this.exited, sleep(50, undefined, { ref: false })]);
      if (exit) return exit;
    }
    await this.kill();
    throw this.problem(`did not end within ${limitMs} ms`);
  }

  private problem(what: string): Error {
    return new Error(`The process ${what}.\n--- stdout ---\n${this.stdout}\n--- stderr ---\n${this.stderr}`);
  }
}

/** For `afterEach`: a failed test must not leave a server behind. */
export async function killLeftovers(): Promise<void> {
  await Promise.all([...running].map((app) => app.kill()));
}

function inherited(): Record<string, string> {
  return Object.fromEntries(INHERITED.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function isErrorLine(line: string): boolean {
  if (!line.startsWith('{')) return /\b(ERROR|FATAL)\b/.test(line);
  try {
    const { level } = JSON.parse(line) as { level?: number | string };
    return typeof level === 'number' ? level >= 50 : /^(error|fatal)$/i.test(level ?? '');
  } catch {
    return false;
  }
}
