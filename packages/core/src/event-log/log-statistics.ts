import { Injectable } from '@nestjs/common';
import { Databases } from '../databases/databases.js';
import { select } from '../databases/execute.js';
import { EventLog } from './event-log.js';
import { categoryIn } from './look-up.js';

/** Summary of the log in numbers. */
export interface LogSummary {
  readonly events: number;
  readonly streams: number;
  /** Most frequent first. */
  readonly types: readonly { readonly type: string; readonly events: number }[];
  /** Most frequent first. */
  readonly categories: readonly { readonly category: string; readonly events: number }[];
  /** Disk space of events, tags and command ids, in bytes, including indexes; on SQLite of the whole file. */
  readonly bytes: number;
  /** Null in an empty log. */
  readonly firstRecordedAt: Date | null;
  readonly lastRecordedAt: Date | null;
  /** Events recorded in the last 60 seconds, by the database's clock. */
  readonly lastMinute: number;
  /** The same for the last hour. */
  readonly lastHour: number;
  /** The same for the last 24 hours. */
  readonly lastDay: number;
}

const TABLES = ['leftfold_events', 'leftfold_event_tags', 'leftfold_commands'];

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Computes the log's statistics. It scans the log's indexes once, which takes seconds for each ten million events. */
@Injectable()
export class LogStatistics {
  constructor(
    private readonly databases: Databases,
    private readonly log: EventLog,
  ) {}

  /** Counts the events that are stored at the time of the call. */
  async read(): Promise<LogSummary> {
    const { dialect } = this.databases.events.write;
    const head = await this.log.head();
    const types = await this.count('e.type', head);
    const categories = await this.count(categoryIn(dialect), head);
    const [streams] = await this.query<{ streams: unknown }>(
      'select count(*) as streams from leftfold_events where version = 1 and position <= ?',
      [head],
    );
    const [size] = await this.query<{ bytes: unknown }>(dialect.sizeOf(TABLES));
    const [clock] = await this.query<{ now: unknown }>(`select ${dialect.now} as now`);
    const since = async (ms: number): Promise<number> =>
      Math.max(head - (await this.log.positionAt(new Date(Number(clock!.now) - ms))), 0);
    return {
      events: head,
      streams: Number(streams!.streams),
      types: types.map(({ name, events }) => ({ type: name, events })),
      categories: categories.map(({ name, events }) => ({ category: name, events })),
      bytes: Number(size!.bytes),
      firstRecordedAt: await this.recordedAt(1),
      lastRecordedAt: await this.recordedAt(head),
      lastMinute: await since(MINUTE),
      lastHour: await since(HOUR),
      lastDay: await since(DAY),
    };
  }

  private async count(column: string, head: number): Promise<{ name: string; events: number }[]> {
    // The unary plus keeps SQLite from scanning by position and sorting; the index on the column covers the query.
    const rows = await this.query<{ name: string; events: unknown }>(
      `select ${column} as name, count(*) as events from leftfold_events e where +e.position <= ? group by ${column}
        order by events desc, name`,
      [head],
    );
    return rows.map(({ name, events }) => ({ name, events: Number(events) }));
  }

  private async recordedAt(position: number): Promise<Date | null> {
    if (position === 0) return null;
    const { events } = await this.log.readAll({ after: position - 1, upTo: position, limit: 1 });
    return events[0]?.recordedAt ?? null;
  }

  private query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return select<Row>(this.databases.events.read, sql, parameters);
  }
}
