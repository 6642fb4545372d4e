import { select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import { OutboxSql } from './outbox-table.sql.js';
import type { ScheduleClock } from './schedule-clock.js';

/** A command that a saga has scheduled and that has not begun. */
export interface ScheduledEntry {
  readonly id: string;
  readonly saga: string;
  /** Key of the schedule within the saga. */
  readonly key: string;
  /** Stored name of the command. */
  readonly command: string;
  readonly dueAt: Date;
  /** Stream of the event that caused it. */
  readonly stream: string;
  readonly correlationId: string;
}

/** Number of commands of one saga in the outbox, without dead letters. */
export interface OutboxCount {
  /** Commands that can be executed, wait behind others, or are being executed. */
  readonly pending: number;
  /** Commands whose time has not come. */
  readonly scheduled: number;
}

/** Place in the list of schedules: due time in ms since 1970, and id. */
export type SchedulePlace = readonly [dueAt: number, id: string];

type Columns = Readonly<Record<string, string | number>>;

/** What the outbox holds, for operators. */
export class OutboxContents {
  private readonly sql: OutboxSql;

  constructor(
    private readonly database: OpenDatabase,
    clock: ScheduleClock,
  ) {
    this.sql = new OutboxSql(database.write.dialect, clock);
  }

  /** Schedules in the order in which they are due. @param after the last one of the previous page */
  async list(after: SchedulePlace | undefined, limit: number): Promise<ScheduledEntry[]> {
    const [dueAt, id] = after ?? [Number.MIN_SAFE_INTEGER, ''];
    const rows = await select<Columns>(this.database.read, this.sql.schedules, [dueAt, dueAt, id, limit]);
    return rows.map(scheduledEntry);
  }

  /** Deletes a schedule, unless its execution has begun: exactly one of the two happens. Returns what was deleted. */
  async cancel(id: string): Promise<ScheduledEntry | undefined> {
    const { rows } = await this.database.write.statement<Columns>(this.sql.cancelSchedule, [id]);
    return rows[0] && scheduledEntry(rows[0]);
  }

  /** By name of the saga; a saga without commands is left out. */
  async count(): Promise<Map<string, OutboxCount>> {
    const rows = await select<Columns>(this.database.read, this.sql.countPending, []);
    return new Map(
      rows.map(({ saga, pending, scheduled }) => [
        saga as string,
        { pending: Number(pending), scheduled: Number(scheduled) },
      ]),
    );
  }
}

function scheduledEntry(row: Columns): ScheduledEntry {
  return {
    id: row.id as string,
    saga: row.saga as string,
    key: row.schedule_key as string,
    command: row.name as string,
    dueAt: new Date(Number(row.due_at)),
    stream: row.stream as string,
    correlationId: row.correlation_id as string,
  };
}
