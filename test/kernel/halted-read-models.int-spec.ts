import { v7 as uuidv7 } from 'uuid';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { CounterNode } from './counters/counter-node.js';
import { type CounterRaised, OpenCounterCommand, RaiseCounterCommand } from './counters/counter.js';
import { interference } from './counters/counter-view.js';
import { TALLY, tallies } from './counters/tally-projection.js';

/** What the second read model does before it counts. */
const tallying: { before: (event: CounterRaised) => Promise<void> | void } = { before: () => undefined };

const TALLIES = tallies({
  weigh: async (event) => {
    await tallying.before(event as CounterRaised);
    return 1;
  },
});

describe.each(DATABASE_KINDS)('a read model on %s', (kind) => {
  let database: TestDatabase;
  let id: string;
  const nodes: CounterNode[] = [];

  const start = async (options: Parameters<typeof CounterNode.start>[1] = {}): Promise<CounterNode> => {
    const node = await CounterNode.start(database, { leaseTtl: 2_000, ...options }, TALLIES);
    nodes.push(node);
    return node;
  };
  const raise = async (node: CounterNode, by: number): Promise<number> =>
    (await node.from({}, () => node.commands.execute(new RaiseCounterCommand(id, by)))).outcome!.position;
  const raises = async (): Promise<number> =>
    Number((await runSql(database.viewsUrl, 'select sum(raises) as raises from tally'))[0]!.raises ?? 0);

  beforeEach(async () => {
    interference.run = () => undefined;
    tallying.before = () => undefined;
    database = await createTestDatabase(kind, { separateViews: kind === 'postgres' });
    id = uuidv7();
  });

  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop();
    await database.drop();
  });

  it('that fails stops at the very event, is tried as often as it says, and others go on', async () => {
    const writer = await start({ runSubscriptions: false });
    await writer.commands.execute(new OpenCounterCommand(id, id));
    for (const by of [1, 2, 3]) await raise(writer, by);
    const bad = await raise(writer, 13);
    const last = await raise(writer, 5);
    let attempts = 0;
    tallying.before = ({ by }) => {
      if (by !== 13) return;
      attempts += 1;
      throw new Error('thirteen');
    };
    const worker = await start();
    await eventually(async () => expect(await worker.status(TALLY)).toMatchObject({ state: 'stopped' }));
    expect(await worker.status(TALLY)).toMatchObject({
      position: bad - 1,
      lag: last - bad + 1,
      handled: 3,
      owner: null,
      lastError: `thirteen (counters.counter-raised at position ${bad})`,
    });
    expect(attempts).toBe(3);
    expect(await raises()).toBe(3);
    await eventually(async () => expect(await worker.status()).toMatchObject({ state: 'live', position: last }));

    tallying.before = () => undefined;
    await worker.subscriptions.resume(TALLY);
    await eventually(async () =>
      expect(await worker.status(TALLY)).toMatchObject({ state: 'live', position: last, handled: 5, lastError: null }),
    );
    expect(await raises()).toBe(5);
  });

  it('that is tried again shows why, and forgets it once it succeeds', async () => {
    const worker = await start();
    await worker.commands.execute(new OpenCounterCommand(id, id));
    const seen: (string | null)[] = [];
    tallying.before = async () => {
      seen.push((await worker.status(TALLY)).lastError);
      if (seen.length <= 2) throw new Error(`failure ${seen.length}`);
    };
    const position = await raise(worker, 1);
    await eventually(async () =>
      expect(await worker.status(TALLY)).toMatchObject({ position, state: 'live', lastError: null, handled: 1 }),
    );
    const at = `(counters.counter-raised at position ${position})`;
    expect(seen).toEqual([null, `failure 1 ${at}`, `failure 2 ${at}`]);
  });

  it('that is paused stays where it is, also over a restart, until it is resumed', async () => {
    const first = await start();
    await first.commands.execute(new OpenCounterCommand(id, id));
    const position = await raise(first, 1);
    await eventually(async () => expect(await first.status(TALLY)).toMatchObject({ position }));
    await first.subscriptions.pause(TALLY);
    await first.subscriptions.pause(TALLY);
    await eventually(async () => expect(await first.status(TALLY)).toMatchObject({ state: 'paused', owner: null }));
    const later = await raise(first, 1);
    await eventually(async () => expect(await first.status()).toMatchObject({ position: later }));
    expect(await raises()).toBe(1);

    nodes.splice(nodes.indexOf(first), 1);
    await first.stop();
    const second = await start();
    await raise(second, 1);
    const head = await second.log.head();
    await eventually(async () => expect(await second.status()).toMatchObject({ position: head }));
    expect(await second.status(TALLY)).toMatchObject({ state: 'paused', position, lag: head - position, owner: null });
    await second.subscriptions.resume(TALLY);
    await second.subscriptions.resume(TALLY);
    await eventually(async () => expect(await second.status(TALLY)).toMatchObject({ state: 'live', position: head }));
    expect(await raises()).toBe(3);
  });

  it('that is slow holds back nobody but itself', async () => {
    const worker = await start();
    await worker.commands.execute(new OpenCounterCommand(id, id));
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    interference.run = () => gate;
    const position = await raise(worker, 1);
    await eventually(async () => expect(await worker.status(TALLY)).toMatchObject({ position, handled: 1 }));
    expect((await worker.status()).position).toBeLessThan(position);
    release();
    await eventually(async () => expect(await worker.status()).toMatchObject({ position, state: 'live' }));
  });

  it('is not there under a name that nobody has', async () => {
    const worker = await start();
    for (const ask of ['get', 'pause', 'resume', 'rebuild'] as const) {
      await expect(worker.subscriptions[ask]('nobody.has-it')).rejects.toMatchObject({
        code: 'subscription-not-found',
      });
    }
  });
});
