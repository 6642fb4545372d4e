import type { DataSource, QueryRunner } from 'typeorm';
import { execute, select } from '../../databases/execute.js';

/** A tag of a stored event. */
export interface TagRow {
  /** As an HMAC. */
  readonly tag: string;
  readonly position: number;
}

/** The most rows of one statement. */
const MOST = 500;

/** Adds the tags that are not stored yet. Returns how many. */
export async function addTags(runner: QueryRunner, rows: readonly TagRow[]): Promise<number> {
  let added = 0;
  for (const some of slices(rows)) {
    const { affected } = await execute(
      runner,
      `insert into leftfold_event_tags (tag, position) values ${some.map(() => '(?, ?)').join()} on conflict do nothing`,
      some.flatMap(({ tag, position }) => [tag, position]),
    );
    added += affected;
  }
  return added;
}

/** Which of the tags are not stored yet. */
export async function missingTags(from: DataSource, rows: readonly TagRow[]): Promise<TagRow[]> {
  const missing: TagRow[] = [];
  for (const some of slices(rows)) {
    const found = await select<{ tag: string; position: number | string }>(
      from,
      `select tag, position from leftfold_event_tags
        where (tag, position) in (values ${some.map(() => '(?, cast(? as bigint))').join()})`,
      some.flatMap(({ tag, position }) => [tag, position]),
    );
    const stored = new Set(found.map(({ tag, position }) => `${position} ${tag}`));
    missing.push(...some.filter(({ tag, position }) => !stored.has(`${position} ${tag}`)));
  }
  return missing;
}

function* slices(rows: readonly TagRow[]): Iterable<readonly TagRow[]> {
  for (let from = 0; from < rows.length; from += MOST) yield rows.slice(from, from + MOST);
}
