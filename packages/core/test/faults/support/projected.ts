import type { EventLog, RecordedEvent } from '@leftfold/core';
import type { TestDatabase } from '../../support/databases.js';
import { runSql } from '../../support/stored-rows.js';

export interface CounterRow {
  readonly counterId: string;
  readonly value: number;
  readonly applied: readonly number[];
}

/** The rows, the position and the count that are committed together. */
export interface Projected {
  readonly rows: readonly CounterRow[];
  readonly position: number;
  readonly handled: number;
}

export async function projected({ viewsUrl }: TestDatabase): Promise<Projected> {
  // One statement, so that no commit comes in between.
  const found = await runSql(
    viewsUrl,
    `select m.position, m.handled, v.counter_id, v.value, v.applied
       from leftfold_read_models m left join counter_view v on 1 = 1
      where m.name = 'counters.counter-view' order by v.counter_id`,
  );
  const rows = found.filter(({ counter_id: id }) => id !== null);
  return {
    position: Number(found[0]?.position ?? 0),
    handled: Number(found[0]?.handled ?? 0),
    rows: rows.map(({ counter_id: id, value, applied }) => ({
      counterId: String(id),
      value: Number(value),
      applied: JSON.parse(String(applied)) as number[],
    })),
  };
}

/** The rows of a read model that has read the log from zero up to a position. */
export async function replayed(log: EventLog, upTo: number): Promise<Projected> {
  const rows = new Map<string, { counterId: string; value: number; applied: number[] }>();
  const events = await readUpTo(log, upTo);
  for (const { type, data, position } of events) {
    const counterId = data.counterId as string;
    const row = rows.get(counterId) ?? { counterId, value: 0, applied: [] };
    row.value += type === 'counters.counter-raised' ? (data.by as number) : 0;
    row.applied.push(position);
    rows.set(counterId, row);
  }
  const sorted = [...rows.values()].toSorted((a, b) => (a.counterId < b.counterId ? -1 : 1));
  return { rows: sorted, position: upTo, handled: events.length };
}

export async function readUpTo(log: EventLog, upTo: number): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let after = 0; after < upTo;) {
    const slice = await log.readAll({ after, upTo, limit: 1_000 });
    events.push(...slice.events);
    after = slice.upTo;
  }
  return events;
}
