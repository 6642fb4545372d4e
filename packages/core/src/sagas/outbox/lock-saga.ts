import type { EntityManager } from 'typeorm';
import type { Write } from '../../databases/dependent-write.js';
import type { Dialect } from '../../databases/dialects/dialect.js';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { preparedWithin } from '../../databases/prepare.js';

/**
 * Locks the saga's row of state. Every transaction that adds ordered commands or removes them does this first, so that
 * they run one after the other and no command is left waiting without a predecessor. A transaction locks only one saga,
 * so there is no deadlock.
 */
export async function lockSaga(manager: EntityManager, saga: string): Promise<void> {
  for (const { sql, parameters } of sagaLock(dialectOf(manager), saga)) {
    await preparedWithin(manager.queryRunner!).run(sql, parameters);
  }
}

/** The statement that does so; none where the transaction itself excludes other writers. */
export function sagaLock({ forUpdate }: Dialect, saga: string): Write[] {
  if (forUpdate === '') return [];
  return [{ sql: `select name from leftfold_subscriptions where name = ? ${forUpdate}`, parameters: [saga] }];
}
