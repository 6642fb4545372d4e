import { setImmediate as nextTurn } from 'node:timers/promises';
import { Databases } from '../src/index.js';
import { RebuildStates } from '../src/read-models/rebuild/rebuild-states.js';
import { type Lease, LeaseLostError } from '../src/subscriptions/states/lease.js';
import { alarm, ALARM } from './counters/counter-alarm.js';
import { TALLY } from './counters/tally-projection.js';
import { Tallying } from './counters/tallying.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';

describe.each(DATABASE_KINDS)('a rebuild on %s', (kind) => {
  const here = Tallying.use(kind);

  it('corrects rows, reports the differences, and repeats no side effect', async () => {
    const node = await here.start();
    await here.open(node);
    await here.raiseOften(node, 600);
    await here.caughtUp(node);
    await eventually(() => expect(alarm.calls).toHaveLength(600));
    const before = await here.schema();
    await here.sql(`update tally set raises = 7`);
    await here.sql(`insert into tally (counter_id, raises) values ('nobody', 1)`);

    await node.subscriptions.rebuild(TALLY);
    await here.rebuilt(node);
    expect(await here.tallied()).toEqual([600]);
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
            { change: 'changed', key: { counter_id: here.id }, before: { raises: 7 }, after: { raises: 600 } },
            { change: 'removed', key: { counter_id: 'nobody' }, after: null },
          ],
        },
      ],
    });
    expect(rebuild!.finishedAt!.getTime()).toBeGreaterThanOrEqual(rebuild!.startedAt!.getTime());
    expect({ handled, lastError }).toEqual({ handled: 600, lastError: null });
    expect(alarm.calls).toHaveLength(600);
    expect(await here.schema()).toEqual(before);

    await here.raise(node);
    await here.caughtUp(node);
    expect(await here.tallied()).toEqual([601]);
    await expect(node.subscriptions.rebuild(ALARM)).rejects.toMatchObject({ code: 'not-a-read-model' });

    // A process that lost its lease before the swap.
    const finish = node.get(Databases).views.write.transaction((manager) => {
      const lease = { name: TALLY, epoch: 1_000_000 } as Lease;
      const reached = { live: 602, shadow: 602, handledAhead: 0 };
      return node.get(RebuildStates).finish(manager, lease, { version: 1, types: [] } as never, reached, []);
    });
    await expect(finish).rejects.toThrow(LeaseLostError);
  });

  it('keeps the old rows current and serving until the swap', async () => {
    const node = await here.start();
    await here.open(node);
    await here.raiseOften(node, 1_500);
    await here.caughtUp(node);

    const going = new AbortController();
    const written: number[] = [];
    const writing = (async () => {
      while (!going.signal.aborted) {
        await here.raise(node);
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
    await here.caughtUp(node);
    expect(await here.tallied()).toEqual([1_500 + written.length]);
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(1_500);
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  });

  it('handles each event once when one in the middle of a batch fails, as does a read model that catches up', async () => {
    const failures: number[] = [];
    let failing = 400;
    const node = await here.start({
      weigh: (_event, { position }) => {
        if (position !== failing) return 1;
        failures.push(position);
        failing = 0;
        throw new Error('not now');
      },
    });
    await here.open(node);
    await node.subscriptions.pause(TALLY);
    await here.raiseOften(node, 600);
    await node.subscriptions.resume(TALLY);
    await here.caughtUp(node);
    expect(await here.tallied()).toEqual([600]);

    failing = 300;
    await node.subscriptions.rebuild(TALLY);
    await here.rebuilt(node);
    expect(failures).toEqual([400, 300]);
    expect(await here.tallied()).toEqual([600]);
    expect((await node.status(TALLY)).rebuild).toMatchObject({ comparison: [{ added: 0, removed: 0, changed: 0 }] });
  });

  it('refuses SQL that would write the live table, and accepts the table name of the batch', async () => {
    let by: 'name' | 'batch' = 'name';
    const node = await here.start({
      weigh: async (_event, { position }, rows) => {
        const manager = await rows.manager();
        const table = by === 'name' ? 'tally' : rows.table;
        if (position === 3) await manager.query(`update ${table} set raises = raises + 100`);
        return 1;
      },
    });
    await here.open(node);
    for (let n = 0; n < 3; n++) await here.raise(node);
    await here.caughtUp(node);
    expect(await here.tallied()).toEqual([103]);
    await node.subscriptions.rebuild(TALLY);
    await eventually(async () =>
      expect((await node.status(TALLY)).rebuild).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('${rows.table}') as string,
      }),
    );
    expect(await here.tallied()).toEqual([103]);
    by = 'batch';
    await node.subscriptions.rebuild(TALLY);
    await here.rebuilt(node);
    expect(await here.tallied()).toEqual([103]);
  });
});
