import type { EntityManager } from 'typeorm';
import { v7 as uuidv7, validate as isUuid } from 'uuid';
import type { DeclaredJob, DeclaredJobs } from './declared-jobs.js';
import type { MissedRuns } from './due-runs.js';
import type { JobOutbox } from './job-outbox.js';
import type { JobRow, JobRows } from './job-rows.js';
import { RecurringJobGoneError, RecurringJobNotFoundError } from './recurring.errors.js';

/** `scheduled`: it runs when it is due. `paused`: an operator paused it. `gone`: no class declares it any more. */
export type RecurringJobState = 'scheduled' | 'paused' | 'gone';

/** Status of one recurring job for operators. */
export interface RecurringJobStatus {
  readonly name: string;
  readonly state: RecurringJobState;
  /** The schedule as text, such as `0 6 * * * (Europe/Berlin)` or `every 60000 ms`. */
  readonly schedule: string;
  /** Null if it is gone. */
  readonly missed: MissedRuns | null;
  /** The next due time; null if it is paused or gone, or never due again. */
  readonly nextDue: Date | null;
  /** The last due time that was run, or the time of the last run by hand. */
  readonly lastRun: Date | null;
}

/** The recurring jobs of this application. The same on every node. */
export class RecurringJobs {
  /** @internal */
  constructor(
    private readonly declared: DeclaredJobs,
    private readonly rows: JobRows,
    private readonly outbox: JobOutbox,
    /** Notifies all nodes that a row has changed. */
    private readonly announce: () => void,
  ) {}

  /** All of them, by name, also those that no class declares any more. */
  async list(): Promise<RecurringJobStatus[]> {
    return (await this.rows.list()).map((row) => statusOf(row, this.declared.find(row.name)));
  }

  /** @throws RecurringJobNotFoundError */
  async get(name: string): Promise<RecurringJobStatus> {
    const found = (await this.list()).find((each) => each.name === name);
    if (!found) throw new RecurringJobNotFoundError(name);
    return found;
  }

  /**
   * Pauses it until it is resumed. Commands that are in the outbox already are still executed.
   * @throws RecurringJobNotFoundError, RecurringJobGoneError
   */
  async pause(name: string): Promise<void> {
    await this.change(name, (row) => Promise.resolve({ ...row, paused: true }));
  }

  /**
   * Resumes it with its next due time. Due times during the pause are not made up for. Does nothing if it is not paused.
   * @throws RecurringJobNotFoundError, RecurringJobGoneError
   */
  async resume(name: string): Promise<void> {
    await this.change(name, (row, { schedule }) =>
      Promise.resolve(row.paused ? { ...row, paused: false, nextDue: schedule.nextAfter(row.now) } : row),
    );
  }

  /**
   * Runs it once more, now, also while it is paused. Its next due time stays.
   * @param runId UUID of the run; a repeat with the same id stores no event twice
   * @throws RecurringJobNotFoundError, RecurringJobGoneError, TypeError when the id is no UUID
   */
  async run(name: string, runId: string = uuidv7()): Promise<void> {
    if (!isUuid(runId)) throw new TypeError(`The id of a run of "${name}" is ${JSON.stringify(runId)}. Give a UUID.`);
    await this.change(name, async (row, job, manager) => {
      await this.outbox.add(manager, job, [{ id: runId, dueAt: row.now }], row.now);
      return { ...row, lastRun: row.now };
    });
    this.outbox.added();
  }

  private async change(
    name: string,
    work: (row: JobRow, job: DeclaredJob, manager: EntityManager) => Promise<JobRow>,
  ): Promise<void> {
    await this.rows.transaction(async (manager) => {
      const row = await this.rows.lock(manager, name);
      if (!row) throw new RecurringJobNotFoundError(name);
      const job = this.declared.find(name);
      if (!job) throw new RecurringJobGoneError(name);
      await this.rows.store(manager, await work(row, job, manager));
    });
    this.announce();
  }
}

function statusOf({ name, schedule, paused, ...row }: JobRow, job: DeclaredJob | undefined): RecurringJobStatus {
  const state = job ? (paused ? 'paused' : 'scheduled') : 'gone';
  return {
    name,
    state,
    schedule,
    missed: job?.missed ?? null,
    nextDue: state === 'scheduled' && row.nextDue !== null ? new Date(row.nextDue) : null,
    lastRun: row.lastRun === null ? null : new Date(row.lastRun),
  };
}
