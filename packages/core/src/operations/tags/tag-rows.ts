import type { QueryRunner } from 'typeorm';
import { execute } from '../../databases/execute.js';

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

/** How many of the tags are not stored yet. */
export async function countMissing(runner: QueryRunner, rows: readonly TagRow[]): Promise<number> {
  let missing = rows.length;
  for (const some of slices(rows)) {
    const { rows: found } = await execute<{ stored: number | string }>(
      runner,
      `select count(*) as stored from leftfold_event_tags
        where (tag, position) in (values ${some.map(() => '(?, cast(? as bigint))').join()})`,
      some.flatMap(({ tag, position }) => [tag, position]),
    );
    missing -= Number(found[0]!.stored);
  }
  return missing;
}

function* slices(rows: readonly TagRow[]): Iterable<readonly TagRow[]> {
  for (let from = 0; from < rows.length; from += MOST) yield rows.slice(from, from + MOST);
}
