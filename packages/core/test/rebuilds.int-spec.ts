import { setImmediate as nextTurn } from 'node:timers/promises';
import { Databases } from '../src/index.js';
import type { NewEvent } from '../src/event-log/event-log.js';
import { LogTail } from '../src/subscriptions/log-tail.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { alarm, ALARM, CounterAlarm } from './counters/counter-alarm.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, gate, open, raise as raiseBy, settled } from './counters/counter-nodes.js';
import { CounterOpened, CounterRaised } from './counters/counter.js';
import { TALLY, tallies, type TallyOptions } from './counters/tally-projection.js';

describe.each(DATABASE_KINDS)('a rebuild on %s', (kind) => {
  let nodes: CounterNodes;
  let id: string;

  const start = (tally: TallyOptions = {}, options: Parameters<CounterNodes['start']>[0] = {}) => {
    const edition = tallies(tally);
    const providers = [...(edition.providers ?? []), CounterAlarm];
    return nodes.start({ leaseTtl: 2_000, ...options }, { ...edition, providers });
  };
  const stop = (node: CounterNode) => nodes.stop(node);
  const raise = (node: CounterNode, by = 1) => raiseBy(node, id, by);
  /** Raises many times in one decision. */
  const raiseOften = async (node: CounterNode, times: number): Promise<void> => {
    const event: NewEvent = { type: 'counters.counter-raised', data: { counterId: id, by: 1 } };
    for (let left = times; left > 0; left -= 250) {
      const events = Array.from({ length: Math.min(left, 250) }, () => event);
      await node.log.append([{ stream: `counter-${id}`, expected: 'any', events }]);
    }
  };
  const sql = (text: string) => nodes.viewsSql(text);
  const tallied = async (): Promise<unknown[]> =>
    (await sql('select counter_id, raises from tally order by counter_id')).map((row) => Number(row.raises));
  const caughtUp = (node: CounterNode) => settled(node, { state: 'live' }, TALLY);
  const rebuilt = async (node: CounterNode): Promise<void> => {
    await eventually(async () => expect((await node.status(TALLY)).rebuild).toMatchObject({ state: 'done' }));
    await caughtUp(node);
  };

  /** Tables and indexes by name, as the database defines them. */
  const schema = () =>
    sql(
      kind === 'sqlite'
        ? `select type, name, tbl_name from sqlite_schema order by type, name`
        : `select tablename, indexname, indexdef from pg_indexes where schemaname = 'public' order by 1, 2`,
    );

  beforeEach(async () => {
    nodes = await CounterNodes.prepare(kind);
  });

  afterEach(() => nodes.drop());

  it('corrects rows, reports the differences, and repeats no side effect', async () => {
    const node = await start();
    id = await open(node);
    await raiseOften(node, 600);
    await caughtUp(node);
    await eventually(() => expect(alarm.calls).toHaveLength(600));
    const before = await schema();
    await sql(`update tally set raises = 7`);
    await sql(`insert into tally (counter_id, raises) values ('nobody', 1)`);

    await node.subscriptions.rebuild(TALLY);
    await rebuilt(node);
    expect(await tallied()).toEqual([600]);
    const { rebuild, handled, lastError } = await node.status(TALLY);
    expect(rebuild).toMatchObject({
      state: 'done',
      position: 601,
      error: null,
      comparison: [
        {
          table: 'tally',
          added: 0,
          removed: 1,
          changed: 1,
          examples: [
            { change: 'changed', key: { counter_id: id }, before: { raises: 7 }, after: { raises: 600 } },
            { change: 'removed', key: { counter_id: 'nobody' }, after: null },
          ],
        },
      ],
    });
    expect(rebuild!.finishedAt!.getTime()).toBeGreaterThanOrEqual(rebuild!.startedAt!.getTime());
    expect({ handled, lastError }).toEqual({ handled: 600, lastError: null });
    expect(alarm.calls).toHaveLength(600);
    expect(await schema()).toEqual(before);

    await raise(node);
    await caughtUp(node);
    expect(await tallied()).toEqual([601]);
    await expect(node.subscriptions.rebuild(ALARM)).rejects.toMatchObject({ code: 'not-a-read-model' });
  });

  it('keeps the old rows current and serving until the swap', async () => {
    const node = await start();
    id = await open(node);
    await raiseOften(node, 1_500);
    await caughtUp(node);

    const going = new AbortController();
    const written: number[] = [];
    const writing = (async () => {
      while (!going.signal.aborted) {
        await raise(node);
        written.push(1);
      }
    })();
    const seen: number[] = [];
    const { views } = node.get(Databases);
    const asking = (async () => {
      while (!going.signal.aborted) {
        const rows = await views.read.query<{ raises: number }[]>('select raises from tally');
        expect(rows).toHaveLength(1);
        seen.push(rows[0]!.raises);
        // SQLite answers synchronously, so yield to the event loop.
        await nextTurn();
      }
    })();
    // Repeats until enough was written and read during it, however fast this machine rebuilds.
    for (let round = 0; round < 3 || seen.length < 50 || written.length < 10; round++) {
      const before = (await node.status(TALLY)).rebuild?.finishedAt?.getTime() ?? 0;
      await node.subscriptions.rebuild(TALLY);
      await eventually(async () => {
        const { rebuild } = await node.status(TALLY);
        expect(rebuild).toMatchObject({ state: 'done', comparison: [{ added: 0, removed: 0, changed: 0 }] });
        expect(rebuild!.finishedAt!.getTime()).toBeGreaterThan(before);
      });
    }
    going.abort();
    await Promise.all([writing, asking]);
    await caughtUp(node);
    expect(await tallied()).toEqual([1_500 + written.length]);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(1_500);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it('refuses SQL that would write the live table, and accepts the table name of the batch', async () => {
    let by: 'name' | 'batch' = 'name';
    const node = await start({
      weigh: async (_event, { position }, rows) => {
        const manager = await rows.manager();
        const table = by === 'name' ? 'tally' : rows.table;
        if (position === 3) await manager.query(`update ${table} set raises = raises + 100`);
        return 1;
      },
    });
    id = await open(node);
    for (let n = 0; n < 3; n++) await raise(node);
    await caughtUp(node);
    expect(await tallied()).toEqual([103]);
    await node.subscriptions.rebuild(TALLY);
    await eventually(async () =>
      expect((await node.status(TALLY)).rebuild).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('${rows.table}') as string,
      }),
    );
    expect(await tallied()).toEqual([103]);
    by = 'batch';
    await node.subscriptions.rebuild(TALLY);
    await rebuilt(node);
    expect(await tallied()).toEqual([103]);
  });

  // When a rebuild begins and when it is given up does not depend on the database.
  if (kind !== 'sqlite') return;

  it('starts automatically when the version is raised, while the old rows serve', async () => {
    const first = await start();
    id = await open(first);
    for (const by of [2, 3]) await raise(first, by);
    await caughtUp(first);
    await stop(first);

    const held = gate();
    const second = await start({
      version: 2,
      weigh: async (event, { position }) => {
        if (position === 2) await held.opened;
        return (event as CounterRaised).by;
      },
    });
    await eventually(async () => expect(await second.status(TALLY)).toMatchObject({ state: 'rebuilding' }));
    expect(await tallied()).toEqual([2]);
    held.open();
    await rebuilt(second);
    expect(await tallied()).toEqual([5]);
    await stop(second);

    const third = await start({ version: 2, weigh: (event) => (event as CounterRaised).by });
    await raise(third, 10);
    await caughtUp(third);
    expect(await tallied()).toEqual([15]);
  });

  it('starts automatically when the list of events changes', async () => {
    const first = await start();
    id = await open(first);
    await raise(first);
    await caughtUp(first);
    await stop(first);
    const second = await start({ events: [CounterOpened, CounterRaised] });
    await rebuilt(second);
    expect(await tallied()).toEqual([2]);
    expect(await second.status(TALLY)).toMatchObject({ handled: 2 });
  });

  it('lets a new version recover that fails on the old rows', async () => {
    const first = await start();
    id = await open(first);
    for (let n = 0; n < 3; n++) await raise(first);
    await caughtUp(first);
    await stop(first);
    const writer = await start({}, { runSubscriptions: false });
    await raise(writer);
    await stop(writer);

    const second = await start({
      version: 2,
      weigh: async (event, _context, rows) => {
        const tally = await rows.get(event.counterId);
        if (tally && tally.raises % 10 !== 0) throw new Error('what an old row this is');
        return 10;
      },
    });
    await rebuilt(second);
    expect(await tallied()).toEqual([40]);
    expect(await second.status(TALLY)).toMatchObject({ state: 'live', lastError: null, handled: 4 });
  });

  it('stops on a failure, reports the reason, and leaves the rows unchanged', async () => {
    let broken = false;
    const node = await start({
      weigh: (_event, { position }) => {
        if (broken && position === 3) throw new Error('it was never like that');
        return 1;
      },
    });
    id = await open(node);
    for (let n = 0; n < 4; n++) await raise(node);
    await caughtUp(node);
    broken = true;
    await node.subscriptions.rebuild(TALLY);
    await eventually(async () =>
      expect((await node.status(TALLY)).rebuild).toMatchObject({
        state: 'failed',
        error: 'it was never like that (counters.counter-raised at position 3)',
      }),
    );
    await raise(node);
    await caughtUp(node);
    expect(await tallied()).toEqual([5]);
    expect(JSON.stringify(await schema())).not.toContain('rebuild_tally');

    broken = false;
    await node.subscriptions.rebuild(TALLY);
    await rebuilt(node);
    expect(await tallied()).toEqual([5]);
  });

  it('resumes at its position after its process ends', async () => {
    const first = await start();
    id = await open(first);
    await raiseOften(first, 1_200);
    await caughtUp(first);
    await stop(first);

    const held = gate();
    const second = await start({
      version: 2,
      weigh: async (_event, { position }) => {
        if (position === 900) await held.opened;
        return 2;
      },
    });
    // A batch has at most 500 events, and fewer on a busy machine: the one that waits begins behind 400, wherever others end.
    await eventually(async () => expect((await second.status(TALLY)).rebuild!.position).toBeGreaterThanOrEqual(399));
    const stopping = stop(second);
    await eventually(() => expect(second.get(LogTail).hasEnded).toBe(true));
    held.open();
    await stopping;
    expect(await tallied()).toEqual([1_200]);

    const positions: number[] = [];
    const third = await start({
      version: 2,
      weigh: (_event, { position }) => {
        positions.push(position);
        return 2;
      },
    });
    await rebuilt(third);
    expect(await tallied()).toEqual([2_400]);
    expect(Math.min(...positions)).toBeGreaterThan(399);
  });

  it('of newer rows is done by an older program only on request', async () => {
    const newer = await start({ version: 2, weigh: () => 2 });
    id = await open(newer);
    await raise(newer);
    await caughtUp(newer);
    await stop(newer);
    const older = await start({ version: 1 });
    await raise(older);
    await eventually(async () =>
      expect(await older.status(TALLY)).toMatchObject({
        owner: null,
        lag: 1,
        lastError: expect.stringContaining('Deploy the newer program') as string,
      }),
    );
    expect(await tallied()).toEqual([2]);
    await older.subscriptions.rebuild(TALLY);
    await rebuilt(older);
    expect(await tallied()).toEqual([2]);
    expect((await older.status(TALLY)).rebuild!.comparison).toMatchObject([{ added: 0, removed: 0, changed: 1 }]);
  });
});
