import type { EntityManager } from 'typeorm';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { preparedWithin } from '../../databases/prepare.js';

/**
 * Locks the saga's row of state. Every transaction that adds ordered commands or removes them does this first, so that
 * they run one after the other and no command is left waiting without a predecessor. A transaction locks only one saga,
 * so there is no deadlock.
 */
export async function lockSaga(manager: EntityManager, saga: string): Promise<void> {
  const { forUpdate } = dialectOf(manager);
  // The transaction itself excludes other writers.
  if (forUpdate === '') return;
  await preparedWithin(manager.queryRunner!).run(
    `select name from leftfold_subscriptions where name = ? ${forUpdate}`,
    [saga],
  );
}
