import { setTimeout as sleep } from 'node:timers/promises';
import { TagRebuild } from '../../src/index.js';
import { AppProcess, killLeftovers } from '../support/app-process.js';
import { createKernelDatabase } from '../counters/kernel-database.js';
import { DATABASE_KINDS, type DatabaseKind, type TestDatabase } from '../support/databases.js';
import { kernelProgram } from '../support/kernel-programs.js';
import { runSql } from '../support/stored-rows.js';
import { Labelling } from './support/labelling.js';
import type { TaggingKill } from './support/tagging-program.js';

const OLD = Array.from({ length: 45 }, (_, number) => `old-${number}`);
/** Each with the old events that have tags then. The statements are the same on both databases; PostgreSQL rolls back once. */
const KILLS: Readonly<Record<DatabaseKind, readonly (TaggingKill & { readonly tagged: number })[]>> = {
  sqlite: [
    // The second batch is lost, then stored; then all batches are stored, and the type is not complete.
    { when: 'before', commit: 2, tagged: 10 },
    { when: 'after', commit: 2, tagged: 30 },
    { when: 'before', commit: 'complete', tagged: OLD.length },
  ],
  postgres: [
    { when: 'before', commit: 2, tagged: 10 },
    { when: 'before', commit: 'complete', tagged: OLD.length },
  ],
};

describe.each(DATABASE_KINDS)('a process that is killed while it rebuilds tags on %s', (kind) => {
  let database: TestDatabase;
  let node: Labelling;

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    const before = await Labelling.start(database, false);
    for (const label of OLD) await before.use(label);
    await before.close();
    node = await Labelling.start(database, true);
  });

  afterAll(async () => {
    await killLeftovers();
    await node?.close();
    await database?.drop();
  });

  it('loses no tag and adds none twice, while a node appends and decides', async () => {
    const script = await kernelProgram('tagging');
    const used: string[] = [];
    const useNew = async (): Promise<void> => {
      const label = `new-${used.length}`;
      // The rule holds for every value that was used with the tag, also during the rebuild.
      expect([await node.use(label), await node.use(label)]).toEqual([true, false]);
      used.push(label);
    };
    const killedBesideAppends = async (kill: TaggingKill): Promise<void> => {
      const args = [database.url, database.viewsUrl, JSON.stringify(kill)];
      const rebuild = await AppProcess.spawn({ script, args });
      while (rebuild.isRunning) {
        if (rebuild.stdout.includes('waiting')) await useNew();
        await sleep(5);
      }
      expect({ kill, ...(await rebuild.exited), stderr: rebuild.stderr }).toMatchObject({
        kill,
        signal: 'SIGKILL',
        stderr: '',
      });
    };
    for (const { tagged, ...kill } of KILLS[kind]) {
      await killedBesideAppends(kill);
      expect({ kill, tagged: (await tagRows()) - used.length }).toEqual({ kill, tagged });
    }

    const restarted = await Labelling.start(database, true);
    const rebuilt = restarted.app.get(TagRebuild).run({ batch: 10 });
    await useNew();
    expect(await rebuilt).toMatchObject([{ type: 'labels.labelled', added: 0 }]);
    expect(await tagRows()).toBe(OLD.length + used.length);
    for (const each of [node, restarted]) {
      for (const label of [...OLD, ...used]) expect([label, await each.timesUsed(label)]).toEqual([label, 1]);
      expect(await each.use(OLD[7]!)).toBe(false);
    }
    await restarted.close();
  });

  async function tagRows(): Promise<number> {
    const [row] = await runSql(database.url, 'select count(*) as tags from leftfold_event_tags');
    return Number(row!.tags);
  }
});
