import type { RecordedEvent } from '@leftfold/core';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { CounterNode } from '../counters/counter-node.js';
import { NameTakenError, OpenCounterCommand, RaiseCounterCommand } from '../counters/counter.js';
import type { TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { describeIf } from '../support/skipping.js';
import { createScratchFolder } from '../support/test-run.mjs';
import { DebianCluster, findPostgresPrograms } from './support/debian-postgres.js';
import { projected, readUpTo, replayed } from './support/projected.js';
import { type Seed, seedOf } from './support/seed.js';

const COUNTERS = 10;
const RAISES = 60;

const programs = findPostgresPrograms();
const describeDumps = describeIf(
  programs,
  'Dumps need a PostgreSQL server with pg_dump and pg_restore (apt-get install postgresql).',
);

describeDumps('a dump that is restored into a new cluster', () => {
  let source: DebianCluster;
  let target: DebianCluster;
  let node: CounterNode | undefined;

  beforeAll(async () => {
    [source, target] = await Promise.all([DebianCluster.start(programs!), DebianCluster.start(programs!)]);
  });

  afterAll(async () => {
    await source.stop();
    await target.stop();
  });

  afterEach(async () => {
    await node?.stop();
    node = undefined;
  });

  it('has the log and the read models as they were, despite appends during the dump and read models that were dumped first', async () => {
    const seed = seedOf('dump and restore');
    for (const name of ['log', 'views']) await source.createDatabase(name);
    const before = await start(source);
    const ids = await fill(before, seed);
    const stopAppending = keepAppending(before, seed, ids);

    const folder = await createScratchFolder('dump');
    for (const name of ['views', 'log']) await source.dump(name, join(folder, `${name}.dump`));
    const appended = await stopAppending();
    for (const name of ['log', 'views']) await target.restore(join(folder, `${name}.dump`), name);

    seed.print(`${await expectTheSame(before, ids)}, while ${appended} appends went on`);
  });

  async function start(cluster: DebianCluster): Promise<CounterNode> {
    node = await CounterNode.start(databasesOf(cluster), { leaseTtl: 500 });
    return node;
  }

  /** @param before the node that the dump was taken from, still running */
  async function expectTheSame(before: CounterNode, ids: string[]): Promise<string> {
    const where = databasesOf(target);
    const restored = await projected(where);
    const original = { logId: await before.log.id(), events: await readUpTo(before.log, await before.log.head()) };
    await before.stop();
    const after = await start(target);

    const head = await after.log.head();
    expect(head).toBeGreaterThan(COUNTERS);
    expect(await after.log.id()).toBe(original.logId);
    expect((await readUpTo(after.log, head)).map(whole)).toEqual(original.events.slice(0, head).map(whole));

    // The checkpoint was resumed: nothing was refused, nothing was handled twice.
    expect(restored.handled).toBeGreaterThan(COUNTERS);
    await eventually(async () =>
      expect(await after.status()).toMatchObject({ state: 'live', position: head, handled: head, lastError: null }),
    );
    expect(await projected(where)).toEqual(await replayed(after.log, head));

    await expectToGoOn(after, head, ids);
    await expect(runSql(where.url, `update leftfold_events set data = '{}' where position = 1`)).rejects.toThrow(
      /never changed/,
    );
    return `${head} events and a checkpoint at ${restored.position} restored`;
  }

  async function expectToGoOn(after: CounterNode, head: number, [id]: string[]): Promise<void> {
    const commandId = uuidv7();
    const raiseOnce = () => after.from({ commandId }, () => after.commands.execute(new RaiseCounterCommand(id!, 5)));
    expect((await raiseOnce()).outcome).toMatchObject({ position: head + 1, repeated: false });
    expect((await raiseOnce()).outcome).toMatchObject({ position: head + 1, repeated: true });
    // Tags are sealed with the log's own key, which the dump includes.
    await expect(after.commands.execute(new OpenCounterCommand(uuidv7(), id!))).rejects.toThrow(NameTakenError);
    await eventually(async () => expect(await after.status()).toMatchObject({ state: 'live', handled: head + 1 }));
  }
});

async function fill(node: CounterNode, seed: Seed): Promise<string[]> {
  const ids = Array.from({ length: COUNTERS }, () => uuidv7());
  for (const id of ids) await node.commands.execute(new OpenCounterCommand(id, id));
  await raise(node, seed, ids, RAISES);
  await eventually(async () => expect(await node.status()).toMatchObject({ state: 'live', lag: 0 }));
  return ids;
}

async function raise(node: CounterNode, seed: Seed, ids: readonly string[], times: number): Promise<void> {
  for (let time = 0; time < times; time++) {
    await node.commands.execute(new RaiseCounterCommand(seed.pick(ids), seed.between(1, 9)));
  }
}

/** Appends until it is stopped. Returns the number of appends. */
function keepAppending(node: CounterNode, seed: Seed, ids: readonly string[]): () => Promise<number> {
  const stopping = new AbortController();
  let count = 0;
  const loop = (async () => {
    for (; !stopping.signal.aborted; count++) await raise(node, seed, ids, 1);
  })();
  return async () => {
    stopping.abort();
    await loop;
    return count;
  };
}

function databasesOf(cluster: DebianCluster): TestDatabase {
  const [url, viewsUrl] = [cluster.url('log'), cluster.url('views')];
  return { kind: 'postgres', folder: '', drop: async () => undefined, url, viewsUrl };
}

function whole({ position, stream, version, eventId, type, dataText, metadata, recordedAt }: RecordedEvent): unknown {
  return { position, stream, version, eventId, type, dataText, metadata, recordedAt };
}
