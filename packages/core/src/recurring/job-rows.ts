import type { EntityManager } from 'typeorm';
import { execute, select } from '../databases/execute.js';
import type { OpenDatabase } from '../databases/open-database.js';
import type { ScheduleClock } from '../sagas/outbox/schedule-clock.js';

/** Stored state of a job. Times are ms since 1970, UTC. */
export interface JobRow {
  readonly name: string;
  readonly schedule: string;
  readonly nextDue: number | null;
  readonly paused: boolean;
  readonly lastRun: number | null;
  /** Database time of the read. */
  readonly now: number;
}

type Columns = Readonly<Record<string, string | number | null>>;

/** Rows of state of recurring jobs, shared by all nodes. Only the database's clock decides what is due. */
export class JobRows {
  constructor(
    private readonly database: OpenDatabase,
    readonly clock: ScheduleClock,
  ) {}

  async list(): Promise<JobRow[]> {
    const rows = await select<Columns>(this.database.read, `${this.columns} order by name`, []);
    return rows.map(jobRow);
  }

  /** Database time, in ms since 1970, UTC. */
  async now(): Promise<number> {
    const [row] = await select<Columns>(this.database.read, `select ${this.time} as now`, []);
    return Number(row!.now);
  }

  transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.write.transaction(work);
  }

  async lock(manager: EntityManager, name: string): Promise<JobRow | undefined> {
    const { forUpdate } = this.database.write.dialect;
    const { rows } = await execute<Columns>(manager.queryRunner!, `${this.columns} where name = ? ${forUpdate}`, [
      name,
    ]);
    return rows[0] && jobRow(rows[0]);
  }

  /** Creates the row, or takes over a changed schedule, which is next due at `nextDue`. */
  async declare(name: string, schedule: string, nextDue: number | null): Promise<void> {
    await this.database.write.statement(
      `insert into leftfold_recurring_jobs (name, schedule, next_due, paused) values (?, ?, ?, 0)
       on conflict (name) do update set schedule = excluded.schedule, next_due = excluded.next_due
         where leftfold_recurring_jobs.schedule <> excluded.schedule`,
      [name, schedule, nextDue],
    );
  }

  async store(manager: EntityManager, { name, nextDue, paused, lastRun }: Omit<JobRow, 'now'>): Promise<void> {
    await execute(
      manager.queryRunner!,
      'update leftfold_recurring_jobs set next_due = ?, paused = ?, last_run = ? where name = ?',
      [nextDue, paused ? 1 : 0, lastRun, name],
    );
  }

  private get columns(): string {
    return `select name, schedule, next_due, paused, last_run, ${this.time} as now from leftfold_recurring_jobs`;
  }

  private get time(): string {
    return this.clock.now(this.database.write.kind);
  }
}

function jobRow(row: Columns): JobRow {
  const time = (value: string | number | null | undefined) =>
    value === null || value === undefined ? null : Number(value);
  return {
    name: row.name as string,
    schedule: row.schedule as string,
    nextDue: time(row.next_due),
    paused: Number(row.paused) === 1,
    lastRun: time(row.last_run),
    now: Number(row.now),
  };
}
