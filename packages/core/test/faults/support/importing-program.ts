import 'reflect-metadata';
import type { EntityManager } from 'typeorm';
import { SqliteWriteDatabase } from '../../../src/databases/sqlite-write-database.js';
import { PostgresWriteDatabase } from '../../../src/databases/write-database.js';
import { LogImport } from '../../../src/index.js';
import { CounterNode } from '../../counters/counter-node.js';
import { MASTER_KEY, PERSONS } from '../../personal-data/person.js';

/** At which of its transactions that store events an import kills its process. */
export interface ImportKill {
  readonly when: 'before' | 'after';
  readonly batch: number;
}

type Work = (manager: EntityManager) => Promise<unknown>;

// importing-program.js <log's URL> <read models' URL> <file> <kill as JSON>
const [url, viewsUrl, file, json] = process.argv.slice(2) as [string, string, string, string];
const kill = JSON.parse(json) as ImportKill;

const kind = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
const node = await CounterNode.start(
  { kind, url, viewsUrl, folder: '', drop: async () => undefined },
  { personalData: { masterKeys: [MASTER_KEY] }, oneOff: true, mayCreate: true, runSubscriptions: false },
  PERSONS,
);
let batches = 0;

const { prototype } = kind === 'sqlite' ? SqliteWriteDatabase : PostgresWriteDatabase;
const methods = prototype as unknown as { transaction: (this: unknown, work: Work) => Promise<unknown> };
const { transaction: original } = methods;
methods.transaction = async function (work) {
  let isDue = false;
  const result = await original.call(this, async (manager) => {
    const query = manager.queryRunner!.query.bind(manager.queryRunner);
    manager.queryRunner!.query = ((sql: string, ...given: [never]) => {
      if (sql.includes('into leftfold_events ')) isDue = kill.batch === ++batches;
      return query(sql, ...given);
    }) as typeof query;
    const done = await work(manager);
    if (isDue && kill.when === 'before') process.kill(process.pid, 'SIGKILL');
    manager.queryRunner!.query = query;
    return done;
  });
  if (isDue) process.kill(process.pid, 'SIGKILL');
  return result;
};

await node.get(LogImport).run(file);
