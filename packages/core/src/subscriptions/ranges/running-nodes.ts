import { hasTable } from '../../databases/has-table.js';
import type { RunningNode } from '../../databases/refuse-to-break.js';
import type { WriteDatabase } from '../../databases/write-database.js';
import { isAlive } from './is-alive.js';

/**
 * The nodes that are alive, also before the migrations of this version. None in a log that is too old to list them.
 * @param database with the event log
 */
export async function runningNodes({ dataSource, dialect }: WriteDatabase): Promise<readonly RunningNode[]> {
  const runner = dataSource.createQueryRunner();
  try {
    if (!(await hasTable(runner, 'leftfold_nodes'))) return [];
    const rows = (await runner.query(
      `select id, expires_at - ${dialect.now} as alive_for from leftfold_nodes where ${isAlive(dialect.now)} order by id`,
    )) as { id: string; alive_for: number | string }[];
    return rows.map(({ id, alive_for: aliveFor }) => ({ id, aliveFor: Number(aliveFor) }));
  } finally {
    await runner.release();
  }
}
