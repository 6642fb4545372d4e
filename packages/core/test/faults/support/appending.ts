import { AppProcess } from '../../support/app-process.js';
import { eventually } from '../../support/eventually.js';
import { kernelProgram } from '../../support/kernel-programs.js';
import { START_LIMIT } from './counting.js';
import type { PlannedAppend, Report } from './planned-append.js';

/** What processes reported before they were killed. */
export class Testimony {
  readonly sent: PlannedAppend[] = [];
  readonly stored: Extract<Report, { was: 'stored' }>[] = [];
  readonly refused: string[] = [];
  readonly unknown: string[] = [];

  constructor(reports: readonly Report[]) {
    for (const report of reports) {
      if (report.was === 'sent') this.sent.push(report.append);
      else if (report.was === 'stored') this.stored.push(report);
      else this[report.was].push(report.id);
    }
  }

  /** Unanswered appends with a command id that can only succeed. */
  get inFlight(): PlannedAppend[] {
    const answered = new Set([...this.stored.map(({ id }) => id), ...this.refused]);
    return this.sent
      .filter(({ id, commandId }) => commandId !== undefined && !answered.has(id))
      .filter(({ streams }) => streams.every(({ expected }) => expected !== 'no-stream'));
  }
}

/** Runs a process that appends, and kills it after this many stored appends, and at least one that was refused. */
export async function killWhileAppending(url: string, seed: number, after: number): Promise<Report[]> {
  const script = await kernelProgram('appending');
  const child = await AppProcess.spawn({ script, args: [url], env: { FAULTS_SEED: String(seed) } });
  const times = (was: Report['was']): number => child.stdout.split(`"was":"${was}"`).length - 1;
  await eventually(() => {
    if ((times('stored') < after || times('refused') === 0) && child.isRunning) throw new Error('It is too soon.');
  }, START_LIMIT);
  const { signal } = await child.kill();
  if (signal !== 'SIGKILL' || child.stderr) throw new Error(`It ended before it was killed:\n${child.stderr}`);
  // The text after the last line break is incomplete.
  const lines = child.stdout.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Report);
}
