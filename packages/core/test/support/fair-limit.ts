import { readFileSync } from 'node:fs';

/** Length of a clock tick in /proc, in ms. */
const TICK = 10;
/** A process that gets a smaller share of a processor gets more time. */
const SHARE = 4;

/**
 * A time limit for the work of a process. When it gets less than a quarter of a processor, because others are busy, its time
 * passes more slowly, down to a quarter.
 */
export class FairLimit {
  private readonly begun = Date.now();
  private readonly before: number | undefined;

  /** @param limit in ms */
  constructor(
    private readonly pid: number,
    private readonly limit: number,
  ) {
    this.before = cpuTimeOf(pid);
  }

  get isOver(): boolean {
    const passed = Date.now() - this.begun;
    const now = cpuTimeOf(this.pid);
    if (now === undefined || this.before === undefined) return passed > this.limit;
    return Math.max(passed / SHARE, Math.min(passed, (now - this.before) * SHARE)) > this.limit;
  }
}

/** In ms, if it can be read. Source: proc_pid_stat(5), fields utime and stime. */
function cpuTimeOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK;
  } catch {
    // This is not Linux, or the process has ended.
    return undefined;
  }
}
