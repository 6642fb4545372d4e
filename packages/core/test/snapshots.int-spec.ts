import { Logger } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { KeepSnapshots1750001410000 } from '../src/aggregates/migrations/events/1750001410000-keep-snapshots.js';
import { Snapshots } from '../src/aggregates/snapshots.js';
import { Databases, StreamHistory } from '../src/index.js';
import { DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { Counter, OpenCounterCommand, RaiseCounterCommand } from './counters/counter.js';
import { CounterNode } from './counters/counter-node.js';
import { type WatchedRead, watchingReads } from './support/watched-reads.js';
import { createKernelDatabase } from './counters/kernel-database.js';

const EVERY = 100;
const QUIET = { log: () => undefined, error: () => undefined, warn: () => undefined };

const REFUSE_SNAPSHOTS = {
  sqlite: [
    `create trigger no_snapshots before insert on leftfold_snapshots begin select raise(abort, 'no snapshots today'); end`,
  ],
  postgres: [
    `create function refuse_snapshot() returns trigger language plpgsql as
     $$ begin raise exception 'no snapshots today'; end $$`,
    'create trigger no_snapshots before insert on leftfold_snapshots for each row execute function refuse_snapshot()',
  ],
};
const ALLOW_SNAPSHOTS = {
  sqlite: ['drop trigger no_snapshots'],
  postgres: ['drop trigger no_snapshots on leftfold_snapshots'],
};

describe.each(DATABASE_KINDS)('snapshots on %s', (kind) => {
  let database: TestDatabase;
  let node: CounterNode;

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    // What is kept in memory would hide stored snapshots.
    node = await CounterNode.start(database, { snapshotEvery: EVERY, runSubscriptions: false, aggregateMemory: 0 });
    Logger.overrideLogger({ ...QUIET, warn: (text: string) => void warnings.push(text) });
  });

  afterAll(async () => {
    await node.stop();
    await database.drop();
  });

  const warnings: string[] = [];
  const write = (sql: string) => node.get(Databases).besideTheLog((manager) => manager.query(sql));
  const open = async (): Promise<string> => {
    const id = uuidv7();
    await node.commands.execute(new OpenCounterCommand(id, id));
    return id;
  };
  /** Raises by one, `count` times, in few appends. */
  const raise = async (id: string, count: number): Promise<void> => {
    for (let left = count; left > 0; left -= 1_000) {
      const events = Array.from({ length: Math.min(left, 1_000) }, () => ({
        type: 'counters.counter-raised',
        data: { counterId: id, by: 1 },
      }));
      await node.log.append([{ stream: `counter-${id}`, expected: 'stream-exists', events }]);
    }
  };
  const snapshotOf = async (id: string) => {
    const rows = await node
      .get(Databases)
      .events.read.query<{ version: number | string; schema_version: number; state: string }[]>(
        `select version, schema_version, state from leftfold_snapshots
          where stream = 'counter-${id}' and fold = 'aggregate' order by version desc`,
      );
    return rows[0] && { version: Number(rows[0].version), schema: rows[0].schema_version, state: rows[0].state };
  };
  const waitForSnapshot = (id: string, version: number) =>
    eventually(async () => expect(await snapshotOf(id)).toMatchObject({ version }));
  const storedVersions = async (id: string, fold: string): Promise<number[]> => {
    const rows = await node
      .get(Databases)
      .events.read.query<{ version: number | string }[]>(
        `select version from leftfold_snapshots where stream = 'counter-${id}' and fold = '${fold}' order by version`,
      );
    return rows.map(({ version }) => Number(version));
  };
  /** Counts the events of the stream that are read during the work. */
  const counting = async <R>(work: () => Promise<R>): Promise<{ result: R; rows: number }> => {
    let rows = 0;
    const note = (read: WatchedRead): void => {
      // The tail of the log is read at the same time, by position.
      if (read.isPrepared && /from leftfold_events .* ?e\.stream = /.test(read.sql)) rows += read.rows;
    };
    return { result: await watchingReads(node.get(Databases).events, note, work), rows };
  };
  const loadCounting = async (id: string, moment?: { version: number }) => {
    const { result, rows } = await counting(() => node.aggregates.load(Counter, id, moment));
    return { value: result.value, version: result.version, rows };
  };

  it('keep the load of a long stream short', async () => {
    const id = await open();
    await raise(id, 1_949);
    await loadCounting(id);
    await waitForSnapshot(id, 1_950);
    for (let each = 0; each < 50; each++) await node.commands.execute(new RaiseCounterCommand(id, 1));
    const loaded = await loadCounting(id);
    expect(loaded).toMatchObject({ value: 1_999, version: 2_000 });
    expect(loaded.rows).toBe(50);
  });

  it('are taken after every hundredth event, by the commands themselves', async () => {
    const id = await open();
    for (let each = 0; each < 120; each++) await node.commands.execute(new RaiseCounterCommand(id, 1));
    // Until one is written, each command takes another one.
    await node.get(Snapshots).settled();
    const { version, state } = (await snapshotOf(id))!;
    expect(version).toBeGreaterThanOrEqual(EVERY);
    expect(state).toBe(`{"value":${version - 1}}`);
    expect(await loadCounting(id)).toEqual({ value: 120, version: 121, rows: 121 - version });
  });

  it('serve later versions, while earlier ones are folded from the first event', async () => {
    const id = await open();
    await raise(id, 149);
    await loadCounting(id);
    await waitForSnapshot(id, 150);
    await raise(id, 10);
    expect(await loadCounting(id, { version: 155 })).toEqual({ value: 154, version: 155, rows: 5 });
    expect(await loadCounting(id, { version: 120 })).toEqual({ value: 119, version: 120, rows: 120 });
  });

  it('are kept for each thousand events, so that past versions start from one, too', async () => {
    const id = await open();
    await raise(id, 2_499);
    const all = { value: 2_399, version: 2_400, rows: 2_400 };
    expect(await loadCounting(id, { version: 2_400 })).toEqual(all);
    await waitForSnapshot(id, 2_000);
    expect(await loadCounting(id, { version: 2_400 })).toEqual({ ...all, rows: 400 });
    expect(await loadCounting(id, { version: 1_000 })).toEqual({ value: 999, version: 1_000, rows: 0 });
    // A newer snapshot deletes none of these.
    await loadCounting(id);
    await waitForSnapshot(id, 2_500);
    expect(await loadCounting(id, { version: 1_001 })).toEqual({ value: 1_000, version: 1_001, rows: 1 });
  });

  it.each([
    // The last event before the time is read, too.
    ['time', (now: Date) => ({ at: now }), 2_500, 501],
    ['version', () => ({ version: 2_499 }), 2_499, 499],
  ])('are kept for other folds, and found by %s', async (_by, momentAt, version, read) => {
    const id = await open();
    await raise(id, 2_499);
    const history = node.get(StreamHistory);
    const fold = () =>
      counting(() =>
        history.fold(
          Counter,
          id,
          momentAt(new Date(Date.now() + 60_000)),
          (state: { events: number } | undefined) => ({ events: (state?.events ?? 0) + 1 }),
          { name: 'events', version: 1 },
        ),
      );
    expect((await fold()).result).toEqual({ events: version });
    await eventually(async () => expect(await storedVersions(id, 'events')).toEqual([1_000, 2_000]));
    const { result, rows } = await fold();
    expect(result).toEqual({ events: version });
    expect(rows).toBe(read);
  });

  it.each([{ version: 60 }, { at: new Date(0) }])(
    'need no read of the events for a version that never existed: %j',
    async (moment) => {
      const id = await open();
      await raise(id, 20);
      const { rows } = await counting(() =>
        expect(node.aggregates.load(Counter, id, moment)).rejects.toMatchObject({ code: 'version-not-found' }),
      );
      expect(rows).toBe(0);
    },
  );

  it('are partly kept by a migrated log, which had one per stream', async () => {
    const id = await open();
    await raise(id, 1_099);
    await loadCounting(id, { version: 1_050 });
    await loadCounting(id);
    await waitForSnapshot(id, 1_100);
    const runner = node.get(Databases).events.write.dataSource.createQueryRunner();
    await new KeepSnapshots1750001410000().down(runner);
    await new KeepSnapshots1750001410000().up(runner);
    await runner.release();
    expect(await storedVersions(id, 'aggregate')).toEqual([1_100]);
    expect(await loadCounting(id)).toEqual({ value: 1_099, version: 1_100, rows: 0 });
  });

  it.each([
    ['of an older shape', 'schema_version = 0'],
    ['that cannot be parsed', `state = '{"value":'`],
    ['that is something else', `state = '{"width":3}'`],
    ['ahead of the log', 'version = 5000'],
    ['of another history', `event_id = '018f2b6e-0000-7000-8000-000000000001', state = '{"value":7}'`],
  ])('%s are ignored, and replaced', async (_what, change) => {
    const id = await open();
    await raise(id, 199);
    await loadCounting(id);
    await waitForSnapshot(id, 200);
    await write(`update leftfold_snapshots set ${change} where stream = 'counter-${id}'`);
    expect(await loadCounting(id)).toMatchObject({ value: 199, version: 200 });
    await eventually(async () =>
      expect(await snapshotOf(id)).toEqual({ version: 200, schema: 1, state: '{"value":199}' }),
    );
    expect(await loadCounting(id)).toEqual({ value: 199, version: 200, rows: 0 });
  });

  it("never delay a command, even if they can't be written", async () => {
    const id = await open();
    await raise(id, 98);
    for (const statement of REFUSE_SNAPSHOTS[kind]) await write(statement);
    try {
      await node.commands.execute(new RaiseCounterCommand(id, 1));
      await node.commands.execute(new RaiseCounterCommand(id, 1));
    } finally {
      // The second command takes one as well, because the first one's was not stored.
      await node.get(Snapshots).settled();
      for (const statement of ALLOW_SNAPSHOTS[kind]) await write(statement);
    }
    expect(warnings.some((text) => text.includes('no snapshots today'))).toBe(true);
    expect(await loadCounting(id)).toMatchObject({ value: 100, version: 101 });
    await waitForSnapshot(id, 101);
  });

  it('are off with an interval of zero', async () => {
    const plain = await CounterNode.start(database, { snapshotEvery: 0, runSubscriptions: false });
    const id = await open();
    await raise(id, 300);
    await plain.aggregates.load(Counter, id);
    await plain.commands.execute(new RaiseCounterCommand(id, 1));
    await plain.stop();
    expect(await snapshotOf(id)).toBeUndefined();
  });
});
