import { parseDatabaseUrl } from '../src/databases/database-url.js';
import { CopyRefusedError, LogVerifier, markCopy, Projection, ReadModelCopies } from '../src/index.js';
import { ALARM, CounterAlarm } from './counters/counter-alarm.js';
import { CounterNode } from './counters/counter-node.js';
import { CounterNodes, settled } from './counters/counter-nodes.js';
import { CounterView, CounterViewProjection } from './counters/counter-view.js';
import { OpenCounterCommand, RaiseCounterCommand } from './counters/counter.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { type Row, runSql } from './support/stored-rows.js';

const NAME = 'counters.counter-view';
const ROWS = 'select * from counter_view';

describe.each(DATABASE_KINDS)('a copy of a read model on %s', (kind) => {
  let nodes: CounterNodes;
  let live: CounterNode;
  let target: TestDatabase;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: [CounterAlarm] });
    target = await createTestDatabase(kind);
    live = await nodes.start();
    const { counterId } = await live.commands.execute(new OpenCounterCommand('one', 'one'));
    for (const by of [1, 2, 3]) await live.commands.execute(new RaiseCounterCommand(counterId, by));
    for (const name of [NAME, ALARM]) await settled(live, { position: 4 }, name);
  });

  afterAll(async () => {
    await nodes?.drop();
    await target?.drop();
  });

  /** A process that has opened the copy in place of the read models. */
  const copying = async <T>(
    into: TestDatabase,
    work: (copies: ReadModelCopies, node: CounterNode) => Promise<T>,
  ): Promise<T> => {
    const options = { viewsUrl: into.url, oneOff: true, runSubscriptions: false };
    const node = await CounterNode.start(nodes.database, options, { providers: [CounterAlarm] });
    try {
      return await work(node.get(ReadModelCopies), node);
    } finally {
      await node.stop();
    }
  };
  /** The rows of state without the end of the lease, which the live node moves with each heartbeat. */
  const statesIn = (rows: readonly Row[]) => rows.map((row) => ({ ...row, expires_at: 'later' }));
  const liveStates = async () => ({
    readModels: statesIn(await nodes.viewsSql('select * from leftfold_read_models order by name')),
    others: statesIn(await nodes.sql('select * from leftfold_subscriptions order by name')),
  });

  it('has the rows of a moment, goes on to a later one, and leaves the live one alone', async () => {
    const [before, rows] = [await liveStates(), await nodes.viewsSql(ROWS)];
    await markCopy(parseDatabaseUrl(target.url), NAME);
    await copying(target, async (copies) => {
      expect(await copies.fill(NAME, { until: 2 })).toEqual(['counter_view']);
      expect(await runSql(target.url, ROWS)).toMatchObject([{ value: 1 }]);
    });
    await markCopy(parseDatabaseUrl(target.url), NAME);
    const filledBy = (owner: string, forMs: number) =>
      runSql(target.url, `update leftfold_read_models set owner = '${owner}', expires_at = ${Date.now() + forMs}`);
    await copying(target, async (copies, node) => {
      await filledBy('elsewhere', 60_000);
      await expect(copies.fill(NAME, { until: 3 })).rejects.toThrow('Another process fills this copy');
      await filledBy('elsewhere', -60_000);
      await copies.fill(NAME, { until: 3 });
      expect(await runSql(target.url, ROWS)).toMatchObject([{ value: 3 }]);
      await expect(copies.fill(NAME, { until: 2 })).rejects.toThrow('at position 3 already');
      await expect(copies.fill(NAME, { until: 5 })).rejects.toThrow('The log ends at position 4');
      await copies.fill(NAME, { until: 4 });
      expect(await node.get(LogVerifier).verify()).toMatchObject({ ok: true });
    });
    expect(await runSql(target.url, ROWS)).toEqual(rows);
    expect(await nodes.viewsSql(ROWS)).toEqual(rows);
    expect(await liveStates()).toEqual(before);
  });

  it('reaches a position after its last event, also when it goes on', async () => {
    const ofOthers = { type: 'nobody.knows-this', data: {} };
    await live.log.append([{ stream: 'other-1', expected: 'any', events: [ofOthers, ofOthers] }]);
    const other = await createTestDatabase(kind);
    await markCopy(parseDatabaseUrl(other.url), NAME);
    const until = await live.log.head();
    const reached: number[] = [];
    await copying(other, async (copies) => {
      for (const to of [until - 1, until]) {
        await copies.fill(NAME, { until: to, onProgress: (position) => reached.push(position) });
      }
    });
    const stored = await runSql(other.url, 'select position from leftfold_read_models');
    expect({ reached, stored: stored.map(({ position }) => Number(position)) }).toEqual({
      reached: [until - 1, until],
      stored: [until],
    });
    expect(await runSql(other.url, ROWS)).toEqual(await nodes.viewsSql(ROWS));
    await other.drop();
  });

  it('is not continued by another version of the projection, which would mix its rows with those that are there', async () => {
    const other = await createTestDatabase(kind);
    await markCopy(parseDatabaseUrl(other.url), NAME);
    await copying(other, (copies) => copies.fill(NAME, { until: 2 }));
    const rows = await runSql(other.url, ROWS);
    try {
      Projection({ name: NAME, entities: [CounterView], version: 2 })(CounterViewProjection);
      await copying(other, async (copies) => {
        await expect(copies.fill(NAME, { until: 3 })).rejects.toThrow(
          'The rows of the copy are of another version of counters.counter-view than this program has. Give an empty database.',
        );
      });
    } finally {
      Projection({ name: NAME, entities: [CounterView] })(CounterViewProjection);
    }
    expect(await runSql(other.url, ROWS)).toEqual(rows);
    await copying(other, (copies) => copies.fill(NAME, { until: 4 }));
    expect(await runSql(other.url, ROWS)).toEqual(await nodes.viewsSql(ROWS));
    await other.drop();
  });

  it('is refused for what is no read model, and in a database that is no copy of it', async () => {
    const copies = live.get(ReadModelCopies);
    expect(() => copies.check(ALARM)).toThrow('is a side effect. Only read models have rows');
    expect(() => copies.check('nobody')).toThrow('nobody');
    await expect(copies.fill(NAME, { until: 4 })).rejects.toThrow('no copy of this read model');
    await expect(markCopy(parseDatabaseUrl(nodes.database.viewsUrl), NAME)).rejects.toThrow('has tables in it');
    await expect(markCopy(parseDatabaseUrl(target.url), 'other')).rejects.toThrow(`is a copy of ${NAME}`);
    const away = { kind: 'postgres', url: 'postgres://nobody@127.0.0.1:1/none' } as const;
    await expect(markCopy(away, NAME)).rejects.toThrow(CopyRefusedError);
  });
});
