import { setTimeout as sleep } from 'node:timers/promises';
import { AppProcess } from '../../support/app-process.js';
import { compileProgram } from '../../support/compiled-program.js';
import type { PlannedAppend, Report } from './appending.js';

let program: Promise<string> | undefined;

/** What a process said before it was killed. */
export interface Testimony {
  readonly sent: PlannedAppend[];
  readonly stored: Extract<Report, { was: 'stored' }>[];
  readonly refused: string[];
  readonly unknown: string[];
}

/** Lets a process append, and kills it so many ms after its first append was stored. */
export async function killWhileAppending(url: string, seed: number, after: number): Promise<Testimony> {
  program ??= compileProgram('test/faults/support/appending-program.ts');
  const child = await AppProcess.spawn({ script: await program, args: [url], env: { FAULTS_SEED: String(seed) } });
  await child.waitFor(/"was":"stored"/);
  await sleep(after);
  const { signal } = await child.kill();
  if (signal !== 'SIGKILL' || child.stderr) throw new Error(`It ended before it was killed:\n${child.stderr}`);
  // What follows the last line break was not said to the end.
  const lines = child.stdout.split('\n').slice(0, -1);
  return testimonyOf(lines.map((line) => JSON.parse(line) as Report));
}

function testimonyOf(reports: readonly Report[]): Testimony {
  const testimony: Testimony = { sent: [], stored: [], refused: [], unknown: [] };
  for (const report of reports) {
    if (report.was === 'sent') testimony.sent.push(report.append);
    else if (report.was === 'stored') testimony.stored.push(report);
    else testimony[report.was].push(report.id);
  }
  return testimony;
}
