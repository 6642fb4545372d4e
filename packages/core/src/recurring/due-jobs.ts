import { Logger } from '@nestjs/common';
import { messageOf } from '../subscriptions/runners/handler-failure.js';
import type { DeclaredJob, DeclaredJobs } from './declared-jobs.js';
import { dueRuns, MOST_MISSED } from './due-runs.js';
import { type JobOutbox, runIdOf } from './job-outbox.js';
import type { JobRow, JobRows } from './job-rows.js';

/** Adds the commands of due jobs to the outbox. Any number of nodes may do this at the same time. */
export class DueJobs {
  private readonly logger = new Logger('recurring jobs');

  constructor(
    private readonly declared: DeclaredJobs,
    private readonly rows: JobRows,
    private readonly outbox: JobOutbox,
  ) {}

  /** Finds the jobs that classes declare. @throws SetupError */
  collect(): void {
    void this.declared.all;
  }

  /** Creates the rows of new jobs and takes over changed schedules. */
  async declare(): Promise<void> {
    const jobs = this.declared.all;
    if (jobs.length === 0) return;
    const now = await this.rows.now();
    for (const { name, schedule } of jobs) await this.rows.declare(name, schedule.text, schedule.nextAfter(now));
  }

  /**
   * Adds the commands of all due jobs. A job that fails does not keep the others from running.
   * @returns when the next job is due, in ms from now
   * @throws AggregateError with the errors of jobs that failed
   */
  async add(): Promise<number | undefined> {
    const rows = new Map((await this.rows.list()).map((row) => [row.name, row]));
    const waits: number[] = [];
    const errors: unknown[] = [];
    for (const job of this.declared.all) {
      const row = rows.get(job.name);
      if (!row || !isHere(job, row)) continue;
      try {
        const nextDue = mustMove(job, row) ? await this.move(job) : row.nextDue;
        if (nextDue !== null) waits.push(nextDue - row.now);
      } catch (error) {
        errors.push(new Error(`${job.name}: ${messageOf(error)}`, { cause: error }));
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, errors.map((each) => messageOf(each)).join('; '));
    return waits.length === 0 ? undefined : Math.max(Math.min(...waits), 0);
  }

  /** Moves the next due time and adds the commands, in one transaction: both happen, or neither. */
  private async move(job: DeclaredJob): Promise<number | null> {
    const { nextDue, count, isCut } = await this.rows.transaction(async (manager) => {
      const row = await this.rows.lock(manager, job.name);
      // Another node may have moved, paused or changed it meanwhile.
      if (!row || !isHere(job, row) || !mustMove(job, row)) {
        return { nextDue: row?.nextDue ?? null, count: 0, isCut: false };
      }
      const due = dueRuns(job.schedule, job.missed, row.nextDue!, row.now);
      await this.rows.store(manager, { ...row, nextDue: due.nextDue, lastRun: due.runs.at(-1) ?? row.lastRun });
      const runs = due.runs.map((dueAt) => ({ id: runIdOf(job.name, dueAt), dueAt }));
      await this.outbox.add(manager, job, runs, row.now);
      return { nextDue: due.nextDue, count: runs.length, isCut: due.isCut };
    });
    if (isCut)
      this.logger.warn(`More than ${MOST_MISSED} runs of ${job.name} were missed; only the last are made up for.`);
    if (count > 0) this.outbox.added();
    return nextDue;
  }
}

/** Whether this node may run the job: its schedule is the stored one, so no node of another version is in charge. */
function isHere({ schedule }: DeclaredJob, row: JobRow): boolean {
  return !row.paused && row.schedule === schedule.text;
}

/** Whether it is due, or its next due time is impossibly far ahead because the database's clock was wrong. */
function mustMove({ schedule }: DeclaredJob, { nextDue, now }: JobRow): boolean {
  if (nextDue === null) return false;
  const next = schedule.nextAfter(now);
  return nextDue <= now || (next !== null && nextDue > next);
}
