import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { WriterCommand } from './harness.js';
import type { WriterOutcome } from './writers.js';

/** Starts a process of writers and watches its output. */
export class WriterProcess {
  readonly reports: Readonly<Record<WriterOutcome, Set<string>>> = {
    stored: new Set(),
    refused: new Set(),
    unknown: new Set(),
  };
  readonly ended: Promise<void>;
  wasKilled = false;
  private readonly child: ChildProcess;
  private complaints = '';

  /** @param killAfter kills the process with SIGKILL after it has reported this many appends */
  constructor({ script, args }: WriterCommand, seed: number, appends: number, killAfter: number) {
    this.child = spawn(process.execPath, [script, ...args, String(seed), String(appends)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.complaints += text));
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      const [outcome, append] = line.split(' ');
      this.reports[outcome as WriterOutcome].add(append!);
      if (this.appends >= killAfter) this.kill();
    });
    this.ended = new Promise((resolve) => this.child.once('close', () => resolve()));
  }

  private get appends(): number {
    return Object.values(this.reports).reduce((sum, each) => sum + each.size, 0);
  }

  /** What went wrong, except that the process was killed. */
  get problem(): string | undefined {
    if (this.child.exitCode === 0 || (this.wasKilled && this.child.signalCode === 'SIGKILL')) return undefined;
    return `exit ${this.child.exitCode ?? this.child.signalCode}: ${this.complaints}`;
  }

  kill(): void {
    if (this.child.exitCode !== null) return;
    this.wasKilled = true;
    this.child.kill('SIGKILL');
  }
}
