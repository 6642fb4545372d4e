import { select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
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

/** Scheduled by a saga, and not begun. Runs of recurring jobs have no position. */
const SCHEDULED = `state = 'scheduled' and claimed_by is null and position > 0`;

/** What the outbox holds, for operators. */
export class OutboxContents {
  constructor(
    private readonly database: OpenDatabase,
    private readonly clock: ScheduleClock,
  ) {}

  /** Schedules in the order in which they are due. @param after the last one of the previous page */
  async list(after: SchedulePlace | undefined, limit: number): Promise<ScheduledEntry[]> {
    const rows = await select<Columns>(
      this.database.read,
      `select id, saga, schedule_key, name, due_at, stream, correlation_id from leftfold_saga_commands
        where ${SCHEDULED} and due_at >= ? and (due_at > ? or id > ?) order by due_at, id limit ?`,
      [after?.[0] ?? Number.MIN_SAFE_INTEGER, after?.[0] ?? Number.MIN_SAFE_INTEGER, after?.[1] ?? '', limit],
    );
    return rows.map(scheduledEntry);
  }

  /** Deletes a schedule, unless its execution has begun: exactly one of the two happens. Returns what was deleted. */
  async cancel(id: string): Promise<ScheduledEntry | undefined> {
    const { rows } = await this.database.write.statement<Columns>(
      `delete from leftfold_saga_commands where id = ? and ${SCHEDULED}
        returning id, saga, schedule_key, name, due_at, stream, correlation_id`,
      [id],
    );
    return rows[0] && scheduledEntry(rows[0]);
  }

  /** By name of the saga; a saga without commands is left out. */
  async count(): Promise<Map<string, OutboxCount>> {
    const later = `state = 'scheduled' and claimed_by is null and due_at > ${this.clock.now(this.database.write.kind)}`;
    const rows = await select<Columns>(
      this.database.read,
      `select saga, sum(case when ${later} then 0 else 1 end) as pending, sum(case when ${later} then 1 else 0 end) as scheduled
         from leftfold_saga_commands where state <> 'dead' group by saga`,
      [],
    );
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
