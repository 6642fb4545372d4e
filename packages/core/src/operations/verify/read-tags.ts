import type { DataSource } from 'typeorm';
import { select } from '../../databases/execute.js';
import { CLOSED, SUBJECT } from '../../event-log/prepared-append.js';

/** A tag that the application has given an event. */
export interface StoredTag {
  readonly position: number;
  /** Type of the event at its position; undefined without an event. */
  readonly type: string | undefined;
}

interface Row {
  readonly tag: string;
  readonly position: number | string;
  readonly type: string | null;
}

/** All tags, in pages of `size`, without those of closed streams and of subjects, which belong to the log. */
export async function* readTags(events: DataSource, size: number): AsyncGenerator<readonly StoredTag[]> {
  let [tag, position]: [string, number] = ['', 0];
  for (;;) {
    // A scalar subquery can't become a join that reads the whole table.
    const rows = await select<Row>(
      events,
      `select t.tag, t.position, (select e.type from leftfold_events e where e.position = t.position) as type
         from leftfold_event_tags t where (t.tag, t.position) > (?, ?) order by t.tag, t.position limit ?`,
      [tag, position, size],
    );
    yield rows
      .filter(({ tag: each }) => !each.startsWith(CLOSED) && !each.startsWith(SUBJECT))
      .map((row) => ({ position: Number(row.position), type: row.type ?? undefined }));
    if (rows.length < size) return;
    ({ tag } = rows.at(-1)!);
    position = Number(rows.at(-1)!.position);
  }
}
