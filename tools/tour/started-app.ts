import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const START_LIMIT_MS = 240_000;
const STOP_LIMIT_MS = 30_000;

/** What a reader has in the other terminal: `npm start`, until Ctrl+C. */
export class StartedApp {
  /** Standard output and errors. */
  output = '';
  private readonly ended: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'close');
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
  }

  /** Waits until it says where it listens. */
  static async start(commands: string, cwd: string, env: NodeJS.ProcessEnv, url: string): Promise<StartedApp> {
    // A group of its own, because Ctrl+C goes to npm, its shell and the program alike.
    const child = spawn('bash', ['-c', commands], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const app = new StartedApp(child);
    const limit = Date.now() + START_LIMIT_MS;
    while (!app.output.includes(url)) {
      const over = child.exitCode !== null || Date.now() > limit;
      if (over) {
        app.signal('SIGKILL');
        throw new Error(`The app does not say that it listens on ${url}.\n${app.output}`);
      }
      await sleep(50);
    }
    return app;
  }

  async stop(): Promise<void> {
    this.signal('SIGINT');
    const late = setTimeout(() => this.signal('SIGKILL'), STOP_LIMIT_MS);
    await this.ended;
    clearTimeout(late);
  }

  private signal(name: NodeJS.Signals): void {
    if (this.child.pid !== undefined && this.child.exitCode === null) process.kill(-this.child.pid, name);
  }
}
