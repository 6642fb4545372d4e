import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { execute } from '../../databases/execute.js';

/** The commands of a saga that run one after the other. */
export interface Line {
  readonly saga: string;
  readonly line: string;
}

/**
 * Locks the saga's row of state. Every transaction that adds to a line or removes from it does this first, so that they
 * run one after the other and no command is left waiting without a predecessor. A transaction locks only one saga, so
 * there is no deadlock.
 */
export async function lockLines(manager: EntityManager, saga: string): Promise<void> {
  const { forUpdate } = dialectOf(manager);
  // The transaction itself excludes other writers.
  if (forUpdate === '') return;
  await execute(manager.queryRunner!, `select name from leftfold_subscriptions where name = ? ${forUpdate}`, [saga]);
}

/** Makes the first command of each line ready, if it was waiting. */
export async function wakeFirst(manager: EntityManager, lines: readonly Line[]): Promise<void> {
  if (lines.length === 0) return;
  const { now, jsonElements } = dialectOf(manager);
  await execute(
    manager.queryRunner!,
    `update leftfold_saga_commands set state = 'ready', due_at = ${now}
      where state = 'waiting' and id in
        (select (select c.id from leftfold_saga_commands c where c.saga = l.value ->> 0 and c.line = l.value ->> 1
                  order by c.position, c.place limit 1)
           from ${jsonElements} l)`,
    [JSON.stringify(lines.map(({ saga, line }) => [saga, line]))],
  );
}
