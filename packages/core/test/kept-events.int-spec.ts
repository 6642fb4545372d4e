import { v7 as uuidv7 } from 'uuid';
import { Aggregate, AggregateRoot, DomainEvent, EventSourcingModule } from '../src/index.js';
import { DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { ALLOW_CHANGES, rowsRead } from './support/kept.js';
import { runSql } from './support/stored-rows.js';
import { CounterNode } from './counters/counter-node.js';
import { createKernelDatabase } from './counters/kernel-database.js';

@DomainEvent('baskets.lines-added')
class LinesAdded {
  declare readonly type: 'baskets.lines-added';
  constructor(readonly lines: { sku: string; quantity: number }[]) {}
}

/** Takes the lines of the last event into its state as they are, so that a change of the state would change the event. */
@Aggregate({ category: 'basket', events: [LinesAdded], notFound: (id) => new Error(`There is no basket ${id}.`) })
class Basket extends AggregateRoot<LinesAdded> {
  lines: { sku: string; quantity: number }[] = [];
  events = 0;

  add(sku: string, most = Infinity): void {
    if (this.events >= most) throw new Error('The basket is full.');
    this.apply(new LinesAdded([...this.lines, { sku, quantity: 1 }]));
  }

  replaceBy(sku: string): void {
    this.apply(new LinesAdded([{ sku, quantity: 1 }]));
  }

  protected evolve({ lines }: LinesAdded): void {
    this.lines = lines;
    this.events += 1;
  }
}

const EXTRA = { imports: [EventSourcingModule.forFeature({ aggregates: [Basket] })] };
const LONG = 40;

describe.each(DATABASE_KINDS)('kept events on %s', (kind) => {
  let database: TestDatabase;
  let node: CounterNode;
  let other: CounterNode;
  let id: string;

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    node = await CounterNode.start(database, { runSubscriptions: false }, EXTRA);
    other = await CounterNode.start(database, { runSubscriptions: false }, EXTRA);
  });

  afterAll(async () => {
    await node.stop();
    await other.stop();
    await database.drop();
  });

  /** A basket with many events, which the node has loaded twice. */
  beforeEach(async () => {
    await newBasket();
    for (let each = 1; each <= 2; each++) await load();
  });

  const newBasket = async (): Promise<void> => {
    id = uuidv7();
    await node.aggregates.upsert(Basket, id, (basket) => {
      for (let index = 0; index < LONG; index++) basket.add(`sku-${index % 3}`, LONG);
    });
  };

  const load = (): Promise<Basket> => node.aggregates.load(Basket, id);
  const skusOf = ({ lines }: Basket): string[] => lines.map(({ sku }) => sku);

  it('are not read again', async () => {
    const read = rowsRead(node.log);
    expect(await load()).toMatchObject({ version: LONG, events: LONG });
    expect(read.rows()).toEqual([1]);
  });

  it('are those of streams that are loaded again, not of all', async () => {
    await newBasket();
    const read = rowsRead(node.log);
    for (let each = 1; each <= 3; each++) expect(await load()).toMatchObject({ version: LONG, events: LONG });
    // The second load reads the last one once more on SQLite, where it has read the others without ids.
    expect(read.rows()).toEqual(kind === 'sqlite' ? [LONG, LONG, 1, 1] : [LONG, LONG, 1]);
  });

  it('are read in as few pages as there are', async () => {
    const read = rowsRead(node.log);
    for (const events of [500, 501]) {
      id = uuidv7();
      await node.aggregates.upsert(Basket, id, (basket) => {
        for (let index = 0; index < events; index++) basket.replaceBy('a');
      });
      expect(await load()).toMatchObject({ version: events, events });
    }
    expect(read.rows()).toEqual([0, 500, 0, 500, 1]);
  });

  it('are followed by what another node has stored', async () => {
    await other.aggregates.update(Basket, id, (basket) => basket.add('elsewhere'));
    const read = rowsRead(node.log);
    expect(skusOf(await load())).toContain('elsewhere');
    expect(read.rows()).toEqual([2]);
  });

  it('do not make a decision that is outdated', async () => {
    const raises = Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? node : other).aggregates.update(Basket, id, (basket) => basket.add(`more-${index}`, LONG + 10)),
    );
    const outcomes = await Promise.allSettled(raises);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    expect(await load()).toMatchObject({ version: LONG + 10, events: LONG + 10 });
  });

  it('are not changed by those that change the state, nor by a decision that fails', async () => {
    const before = skusOf(await load());
    const changed = await load();
    changed.lines[0]!.sku = 'changed';
    changed.lines.length = 1;
    const failing = node.aggregates.update(Basket, id, (basket) => {
      basket.add('never');
      basket.lines.reverse();
      throw new Error('The handler has failed.');
    });
    await expect(failing).rejects.toThrow('The handler has failed.');

    const after = await load();
    expect(skusOf(after)).toEqual(before);
    expect(after.version).toBe(LONG);
  });

  it('stay right when several loads go on at once', async () => {
    await other.aggregates.update(Basket, id, (basket) => {
      for (let index = 0; index < 600; index++) basket.replaceBy('b');
    });
    const loaded = await Promise.all(Array.from({ length: 5 }, load));
    expect(loaded.map(({ version, events }) => [version, events])).toEqual(loaded.map(() => [LONG + 600, LONG + 600]));
  });

  it('are not read from the first one again by a load that begins while they grow', async () => {
    await other.aggregates.update(Basket, id, (basket) => {
      for (let index = 0; index < 1_200; index++) basket.replaceBy('b');
    });
    const begin = node.log.readPayloads.bind(node.log);
    const from: number[] = [];
    const loads: Promise<Basket>[] = [load()];
    const spy = jest.spyOn(node.log, 'readPayloads').mockImplementation(async (stream, version, ids) => {
      // The first load has read a page of what is new.
      if (from.length === 0) loads.push(load());
      from.push(version);
      return begin(stream, version, ids);
    });
    await loads[0];
    for (const each of await Promise.all(loads)) expect(each).toMatchObject({ version: LONG + 1_200 });
    spy.mockRestore();
    expect(loads).toHaveLength(2);
    expect(from.filter((version) => version < LONG)).toEqual([]);
  });

  it('are forgotten when the log is another one, such as one of a backup', async () => {
    for (const sql of ALLOW_CHANGES[kind]) await runSql(database.url, sql).catch(() => undefined);
    await runSql(database.url, `delete from leftfold_events where stream = 'basket-${id}' and version > 35`);
    expect(await load()).toMatchObject({ version: 35, events: 35 });

    await runSql(
      database.url,
      `update leftfold_events set data = '{"lines":[{"sku":"restored","quantity":1}]}' where stream = 'basket-${id}'`,
    );
    expect(skusOf(await load())).toEqual(['restored']);
  });
});

it('are not kept when there is no memory for them', async () => {
  const database = await createKernelDatabase('sqlite');
  const node = await CounterNode.start(database, { runSubscriptions: false, aggregateMemory: 0 }, EXTRA);
  await node.aggregates.upsert(Basket, 'b', (basket) => {
    for (let index = 0; index < LONG; index++) basket.add('a');
  });
  const read = rowsRead(node.log);
  for (let each = 1; each <= 3; each++) await node.aggregates.load(Basket, 'b');
  expect(read.rows()).toEqual([LONG, LONG, LONG]);
  await node.stop();
  await database.drop();
});

it('are not kept when their last event is another one by the time its id is read', async () => {
  const database = await createKernelDatabase('sqlite');
  const node = await CounterNode.start(database, { runSubscriptions: false }, EXTRA);
  await node.aggregates.upsert(Basket, 'b', (basket) => {
    for (let index = 0; index < LONG; index++) basket.add('a');
  });
  await node.aggregates.load(Basket, 'b');
  const read = node.log.readPayloads.bind(node.log);
  const spy = jest
    .spyOn(node.log, 'readPayloads')
    .mockImplementation(async (stream, from, ids) =>
      ids === 'with ids' ? { events: [], hasMore: false } : read(stream, from, ids),
    );
  await node.aggregates.load(Basket, 'b');
  spy.mockRestore();
  const again = rowsRead(node.log);
  await node.aggregates.load(Basket, 'b');
  expect(again.rows()).toEqual([LONG, 1]);
  await node.stop();
  await database.drop();
});
