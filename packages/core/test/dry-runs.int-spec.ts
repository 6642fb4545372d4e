import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, open, pause, raise } from './counters/counter-nodes.js';
import { TALLY, tallies, type TallyOptions } from './counters/tally-projection.js';

describe.each(DATABASE_KINDS)('a dry run of a rebuild on %s', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let id: string;

  const start = (tally: TallyOptions = {}) => nodes.start({ leaseTtl: 2_000 }, tallies(tally));
  const sql = (text: string) => nodes.viewsSql(text);
  const tallied = async (): Promise<number> => Number((await sql('select raises from tally'))[0]!.raises);
  const tables = async (): Promise<unknown[]> =>
    sql(
      kind === 'sqlite'
        ? 'select name from sqlite_schema order by name'
        : `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
    );
  const isDone = (dryRun: boolean) =>
    eventually(async () => {
      const { rebuild, state } = await node.status(TALLY);
      expect({ rebuild, state }).toMatchObject({ rebuild: { state: 'done', dryRun }, state: 'live' });
      return rebuild!;
    });
  const difference = [{ table: 'tally', added: 0, removed: 0, changed: 1 }];
  /** Blocks the next one at its first event until it is released. */
  const held = (): { weigh: NonNullable<TallyOptions['weigh']>; hold: () => void; go: () => void } => {
    let gate = Promise.resolve();
    let open: () => void = () => undefined;
    return {
      weigh: async () => {
        await gate;
        return 1;
      },
      hold: () => void (gate = new Promise((resolve) => (open = resolve))),
      go: () => open(),
    };
  };

  beforeEach(async () => {
    nodes = await CounterNodes.prepare(kind);
  });

  afterEach(() => nodes.drop());

  const begin = async (tally: TallyOptions = {}): Promise<void> => {
    node = await start(tally);
    id = await open(node);
    for (const by of [1, 2]) await raise(node, id, by);
    await eventually(async () => expect(await tallied()).toBe(2));
    await sql('update tally set raises = 7');
  };

  it('reports how old and new rows differ, and changes nothing', async () => {
    await begin();
    const [before, { position, handled }] = [await tables(), await node.status(TALLY)];

    await node.subscriptions.rebuild(TALLY, { dryRun: true });

    expect((await isDone(true)).comparison).toMatchObject(difference);
    expect(await tallied()).toBe(7);
    expect(await tables()).toEqual(before);
    expect(await node.status(TALLY)).toMatchObject({ position, handled, lastError: null });
    await raise(node, id);
    await eventually(async () => expect(await tallied()).toBe(8));
  });

  it('can be followed by a rebuild that replaces the rows', async () => {
    await begin();
    await node.subscriptions.rebuild(TALLY, { dryRun: true });
    await isDone(true);

    await node.subscriptions.rebuild(TALLY);

    expect((await isDone(false)).comparison).toMatchObject(difference);
    expect(await tallied()).toBe(2);
  });

  it('becomes a rebuild when a rebuild is requested during it', async () => {
    const gate = held();
    await begin({ weigh: gate.weigh });
    gate.hold();
    await node.subscriptions.rebuild(TALLY, { dryRun: true });
    await node.subscriptions.rebuild(TALLY, { dryRun: true });
    await eventually(async () => expect((await node.status(TALLY)).rebuild).toMatchObject({ state: 'running' }));

    await node.subscriptions.rebuild(TALLY);
    gate.go();

    await isDone(false);
    expect(await tallied()).toBe(2);
  });

  it('is refused while a rebuild is running', async () => {
    const gate = held();
    await begin({ weigh: gate.weigh });
    gate.hold();
    await node.subscriptions.rebuild(TALLY);

    await expect(node.subscriptions.rebuild(TALLY, { dryRun: true })).rejects.toMatchObject({
      code: 'rebuild-under-way',
    });

    gate.go();
    await isDone(false);
    expect(await tallied()).toBe(2);
  });

  it('does not let an older program run a newer read model', async () => {
    await begin({ version: 2 });
    await pause(node, TALLY);
    await node.subscriptions.rebuild(TALLY, { dryRun: true });
    await nodes.stop(node);

    node = await start({ version: 1 });
    await node.subscriptions.resume(TALLY);

    await eventually(async () =>
      expect(await node.status(TALLY)).toMatchObject({ owner: null, lastError: expect.stringContaining('version 2') }),
    );
    expect(await tallied()).toBe(7);
  });
});
