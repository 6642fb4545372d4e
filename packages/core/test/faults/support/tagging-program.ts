import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from 'typeorm';
import { writeLine } from '../../../src/conformance/write-line.js';
import { SqliteWriteDatabase } from '../../../src/databases/sqlite-write-database.js';
import { PostgresWriteDatabase } from '../../../src/databases/write-database.js';
import { EventLog, TagRebuild } from '../../../src/index.js';
import { Labelling } from './labelling.js';

/** Where a rebuild of tags kills its process: at one of its transactions, or at the one that completes a type. */
export interface TaggingKill {
  readonly when: 'before' | 'after';
  readonly commit: number | 'complete';
}

type Work = (manager: EntityManager) => Promise<unknown>;

// tagging-program.js <log's URL> <read models' URL> <kill as JSON>
// It rebuilds tags in small batches until it is killed. Before each batch it waits until another process has appended an event.
const [url, viewsUrl, json] = process.argv.slice(2) as [string, string, string];
const kill = JSON.parse(json) as TaggingKill;

const kind = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
const labelling = await Labelling.start({ kind, url, viewsUrl, folder: '', drop: async () => undefined }, true);
const log = labelling.app.get(EventLog);
let seen = await log.head();
let batches = 0;

const { prototype } = kind === 'sqlite' ? SqliteWriteDatabase : PostgresWriteDatabase;
const methods = prototype as unknown as { transaction: (this: unknown, work: Work) => Promise<unknown> };
const { transaction: original } = methods;
methods.transaction = async function (work) {
  writeLine('waiting');
  const head = seen;
  while ((seen = await log.head()) === head) await sleep(1);
  let isDue = false;
  const result = await original.call(this, async (manager) => {
    const query = manager.queryRunner!.query.bind(manager.queryRunner);
    manager.queryRunner!.query = ((sql: string, ...given: [never]) => {
      if (sql.includes('into leftfold_event_tags')) isDue = kill.commit === ++batches;
      if (sql.includes('tags_generation + 1')) isDue = kill.commit === 'complete';
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

await labelling.app.get(TagRebuild).run({ batch: 10 });
