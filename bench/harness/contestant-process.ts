import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Job, Outcome } from './job.js';

const PROGRAM = join(import.meta.dirname, '..', 'program.mjs');
/** A job that takes longer hangs, in ms. */
const LONGEST = 60 * 60_000;

/** The process of a contestant. It does one job at a time. */
export class ContestantProcess {
  private readonly child: ChildProcess;
  private readonly gone: Promise<string>;
  private said = '';

  /** @param checkout whose Leftfold is measured */
  constructor(checkout: string) {
    this.child = fork(PROGRAM, {
      cwd: checkout,
      env: { ...process.env, LEFTFOLD_BENCH_CHECKOUT: checkout, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A group of its own: Ctrl+C does not reach it, and it can be killed with the processes that it has started.
      detached: true,
    });
    const ended = [this.child.stdout!, this.child.stderr!].map((stream) => {
      stream.on('data', (chunk) => (this.said = `${this.said}${chunk}`.slice(-2_000)));
      return new Promise((resolve) => stream.once('close', resolve));
    });
    // Not `close`, which does not come when this process has closed the channel.
    const exited = new Promise<string>((resolve) => {
      this.child.once('error', (error) => resolve(error.message));
      this.child.once('exit', (code, signal) => resolve(`its process ended with ${signal ?? code}`));
    });
    this.gone = Promise.all([exited, ...ended]).then(([how]) => `${how}${this.said && `: ${this.said.trim()}`}`);
  }

  /** An outcome with `error` when the process ends first. */
  async perform(job: Job): Promise<Outcome> {
    const timer = setTimeout(() => this.kill(), LONGEST);
    const answered = new Promise<Outcome>((resolve) => {
      this.child.once('message', (message) => resolve(message as Outcome));
    });
    // A process that has ended takes no message. What it has said tells more than that.
    this.child.send(job, () => undefined);
    const outcome = await Promise.race([answered, this.gone.then((error) => ({ error }))]);
    clearTimeout(timer);
    return outcome;
  }

  /** Ends it in order. Settles when it is gone. */
  async end(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    await this.gone;
  }

  /** Kills it, and what it has started. */
  kill(): void {
    const { pid, exitCode, signalCode } = this.child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    if (process.platform === 'win32') this.child.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  }
}
