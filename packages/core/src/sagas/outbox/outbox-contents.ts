import { select } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import type { SagaCommandState } from './saga-command.entity.js';
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

/** A command that is not finished, as a step of what followed from a request. */
export interface OutboxStep {
  readonly id: string;
  readonly saga: string;
  /** Stored name of the command. */
  readonly name: string;
  readonly state: SagaCommandState;
  readonly scheduleKey: string | null;
  /** Id of the event that caused it; empty if none did. */
  readonly causationId: string;
  /** Its id as a dead letter. */
  readonly letterId: string | null;
  readonly dueAt: Date | undefined;
  readonly attempts: number;
  readonly firstFailedAt: Date | undefined;
  readonly lastFailedAt: Date | undefined;
  readonly error: string | null;
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
type NullableColumns = Readonly<Record<string, string | number | null>>;

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

  /** Commands and schedules with this correlation id, in the order of the events that caused them. */
  async story(correlationId: string, limit: number): Promise<OutboxStep[]> {
    const rows = await select<NullableColumns>(this.database.read, this.sql.story, [correlationId, limit]);
    return rows.map((row) => ({
      id: row.id as string,
      saga: row.saga as string,
      name: row.name as string,
      state: row.state as SagaCommandState,
      scheduleKey: row.schedule_key as string | null,
      causationId: row.causation_id as string,
      letterId: row.letter_id as string | null,
      dueAt: dateOf(row.due_at ?? null),
      attempts: Number(row.attempts),
      firstFailedAt: dateOf(row.first_failed_at ?? null),
      lastFailedAt: dateOf(row.last_failed_at ?? null),
      error: row.error as string | null,
    }));
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

function dateOf(ms: string | number | null): Date | undefined {
  return ms === null ? undefined : new Date(Number(ms));
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
