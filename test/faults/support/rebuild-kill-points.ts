import { SqliteWriteDatabase } from '../../../src/event-sourcing/databases/sqlite-write-database.js';
import { PostgresWriteDatabase, type WriteDatabase } from '../../../src/event-sourcing/databases/write-database.js';
import { PostgresShadowTables } from '../../../src/event-sourcing/subscriptions/rebuild/postgres/postgres-shadow-tables.js';
import { RebuildStates } from '../../../src/event-sourcing/subscriptions/rebuild/rebuild-states.js';
import { SqliteShadowTables } from '../../../src/event-sourcing/subscriptions/rebuild/sqlite-shadow-tables.js';
import { wrap } from './kill-points.js';

/** The moments in a rebuild at which a process may be killed. */
export const REBUILD_KILL_POINTS = [
  'with the shadow tables made, before the commit',
  'with the first rows in the shadow tables, before the commit',
  'with more rows in the shadow tables, before the commit',
  'with the checkpoints exchanged, before the tables are',
  'with the tables exchanged, before the commit',
  'after the commit of the exchange',
] as const;
export type RebuildKillPoint = (typeof REBUILD_KILL_POINTS)[number];

/** Makes this process kill itself when it gets there: no code of ours runs after it. */
export function killRebuildAt(point: RebuildKillPoint): void {
  let advances = 0;
  let exchanged = false;
  const passing = (here: RebuildKillPoint): void => {
    if (here === point) process.kill(process.pid, 'SIGKILL');
  };

  wrap(
    RebuildStates.prototype,
    'start',
    (start) =>
      async function (this: RebuildStates, ...given) {
        await start.apply(this, given);
        passing('with the shadow tables made, before the commit');
      },
  );
  wrap(
    RebuildStates.prototype,
    'advance',
    (advance) =>
      async function (this: RebuildStates, ...given) {
        await advance.apply(this, given);
        advances += 1;
        if (advances === 1) passing('with the first rows in the shadow tables, before the commit');
        if (advances === 3) passing('with more rows in the shadow tables, before the commit');
      },
  );
  wrap(
    RebuildStates.prototype,
    'finish',
    (finish) =>
      async function (this: RebuildStates, ...given) {
        await finish.apply(this, given);
        passing('with the checkpoints exchanged, before the tables are');
      },
  );
  for (const { prototype } of [SqliteShadowTables, PostgresShadowTables]) {
    wrap<SqliteShadowTables, 'swap'>(
      prototype,
      'swap',
      (swap) =>
        async function (this: SqliteShadowTables, ...given) {
          await swap.apply(this, given);
          exchanged = true;
          passing('with the tables exchanged, before the commit');
        },
    );
  }
  for (const { prototype } of [PostgresWriteDatabase, SqliteWriteDatabase]) {
    wrap<WriteDatabase, 'transaction'>(
      prototype,
      'transaction',
      (transaction) =>
        async function <T>(this: WriteDatabase, work: Parameters<typeof transaction<T>>[0]) {
          const result = await transaction.call(this, work);
          if (exchanged) passing('after the commit of the exchange');
          return result as T;
        },
    );
  }
}
