import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EventLog, LogSeal } from '@leftfold/core';
import type { INestApplicationContext } from '@nestjs/common';
import { newSigningKey, parseCheckpoint, ProofsModule, Sealed, type SignedCheckpoint } from '../src/index.js';
import { encodeRecord, recordOf } from '../src/records/record.js';
import { GrowingTree } from '../src/tree/growing-tree.js';
import { leafHash } from '../src/tree/hashes.js';
import { bootKernel } from '../../core/test/counters/counter-node.js';
import { AppProcess, killLeftovers } from '../../core/test/support/app-process.js';
import { createKernelDatabase } from '../../core/test/counters/kernel-database.js';
import { DATABASE_KINDS, type DatabaseKind, type TestDatabase } from '../../core/test/support/databases.js';
import { kernelProgram } from '../../core/test/support/kernel-programs.js';
import { runSql } from '../../core/test/support/stored-rows.js';
import { SEALING_KILL_POINTS, type SealingKillPoint } from './support/sealing-kill-points.js';

const KEY = newSigningKey('log.example');
/** More than a tile. */
const EVENTS = 300;
/** What the transaction stores is the same on both databases; PostgreSQL rolls back once, and commits once. */
const POINTS: Readonly<Record<DatabaseKind, readonly SealingKillPoint[]>> = {
  sqlite: SEALING_KILL_POINTS,
  postgres: ['with the tile, before the checkpoint', 'after the commit'],
};

describe.each(DATABASE_KINDS)('a process that is killed while it seals on %s', (kind) => {
  let database: TestDatabase;
  let node: INestApplicationContext;
  let memory: string;

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    memory = join(database.folder, 'last-checkpoint');
    const sealing = ProofsModule.forRoot({ keys: [KEY], memory });
    node = await bootKernel(database, { runSubscriptions: false }, { imports: [sealing] });
    await append(EVENTS);
  });

  afterAll(async () => {
    await killLeftovers();
    await node?.close();
    await database?.drop();
  });

  const append = (count: number) => {
    const events = Array.from({ length: count }, (_, n) => ({ type: 'nobody.knows-this', data: { n } }));
    return node.get(EventLog).append([{ stream: 'things-1', expected: 'any', events }]);
  };
  const killedAt = async (point: SealingKillPoint): Promise<void> => {
    const head = String(await node.get(EventLog).head());
    const args = [database.url, database.viewsUrl, KEY, memory, head, point];
    const { signal, stderr } = await AppProcess.run({ script: await kernelProgram('sealing'), args });
    expect([point, signal, stderr]).toEqual([point, 'SIGKILL', '']);
  };
  /** By this process. */
  const sealed = async (): Promise<boolean> => {
    const sealing = ProofsModule.forRoot({ keys: [KEY], memory, interval: 10 });
    const survivor = await bootKernel(database, { leaseTtl: 300 }, { imports: [sealing] });
    try {
      return await survivor.get(Sealed).waitFor(await node.get(EventLog).head(), 20_000);
    } finally {
      await survivor.close();
    }
  };
  const remembered = async (): Promise<SignedCheckpoint> => parseCheckpoint(await readFile(memory));
  const stored = async () => {
    const [tree] = await runSql(database.url, 'select size, checkpoint_size from leftfold_proof_tree');
    const [tiles] = await runSql(database.url, 'select count(*) as tiles from leftfold_proof_tiles');
    return [tree!.size, tree!.checkpoint_size, tiles!.tiles].map(Number);
  };
  const rootOfRows = async (size: number): Promise<Buffer> => {
    const tree = new GrowingTree();
    const { events } = await node.get(EventLog).readAll({ after: 0, limit: size });
    for (const event of events) tree.add(leafHash(encodeRecord(recordOf(event))));
    return tree.root;
  };

  it('has the next one go on: nothing is lost, and every checkpoint that was signed is of one tree', async () => {
    const seen: unknown[] = [];
    const signed: SignedCheckpoint[] = [];
    for (const point of POINTS[kind]) {
      await killedAt(point);
      seen.push(await stored());
      signed.push(await remembered());
      // So that the next checkpoint is another one.
      await append(1);
    }

    const sizes = signed.map(({ size }) => size);
    const committed = EVENTS + POINTS[kind].length - 1;
    // The next one may sign what the one before had reached, before it sees the event after that.
    for (const [n, size] of sizes.entries()) expect([EVENTS + n - 1, EVENTS + n]).toContain(size);
    expect([sizes[0], sizes.at(-1)]).toEqual([EVENTS, committed]);
    expect(seen).toEqual([...POINTS[kind].slice(1).map(() => [0, 0, 0]), [committed, committed, 1]]);

    expect(await sealed()).toBe(true);
    expect(await stored()).toEqual([committed + 1, committed + 1, 1]);
    signed.push(await remembered());
    const roots = await Promise.all(signed.map(({ size }) => rootOfRows(size)));
    expect(signed.map(({ root }) => root)).toEqual(roots);
    const seal = node.get(LogSeal);
    expect(parseCheckpoint((await seal.checkpoint())!.note).root).toEqual(roots.at(-1));
    expect(await seal.verify({ most: 10, signal: undefined })).toMatchObject({
      sealed: committed + 1,
      findings: [],
      found: 0,
    });
  });
});
