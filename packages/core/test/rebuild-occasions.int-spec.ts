import { LogTail } from '../src/subscriptions/log-tail.js';
import { gate } from './counters/counter-nodes.js';
import { CounterOpened, CounterRaised } from './counters/counter.js';
import { TALLY } from './counters/tally-projection.js';
import { Tallying } from './counters/tallying.js';
import { eventually } from './support/eventually.js';

// When a rebuild begins and when it is given up does not depend on the database.
describe('a rebuild', () => {
  const here = Tallying.use('sqlite');

  it('starts automatically when the version is raised, while the old rows serve', async () => {
    const first = await here.start();
    await here.open(first);
    for (const by of [2, 3]) await here.raise(first, by);
    await here.caughtUp(first);
    await here.stop(first);

    const held = gate();
    const second = await here.start({
      version: 2,
      weigh: async (event, { position }) => {
        if (position === 2) await held.opened;
        return (event as CounterRaised).by;
      },
    });
    await eventually(async () => expect(await second.status(TALLY)).toMatchObject({ state: 'rebuilding' }));
    expect(await here.tallied()).toEqual([2]);
    held.open();
    await here.rebuilt(second);
    expect(await here.tallied()).toEqual([5]);
    await here.stop(second);

    const third = await here.start({ version: 2, weigh: (event) => (event as CounterRaised).by });
    await here.raise(third, 10);
    await here.caughtUp(third);
    expect(await here.tallied()).toEqual([15]);
  });

  it('starts automatically when the list of events changes', async () => {
    const first = await here.start();
    await here.open(first);
    await here.raise(first);
    await here.caughtUp(first);
    await here.stop(first);
    const second = await here.start({ events: [CounterOpened, CounterRaised] });
    await here.rebuilt(second);
    expect(await here.tallied()).toEqual([2]);
    expect(await second.status(TALLY)).toMatchObject({ handled: 2 });
  });

  it('lets a new version recover that fails on the old rows', async () => {
    const first = await here.start();
    await here.open(first);
    for (let n = 0; n < 3; n++) await here.raise(first);
    await here.caughtUp(first);
    await here.stop(first);
    const writer = await here.start({}, { runSubscriptions: false });
    await here.raise(writer);
    await here.stop(writer);

    const second = await here.start({
      version: 2,
      weigh: async (event, _context, rows) => {
        const tally = await rows.get(event.counterId);
        if (tally && tally.raises % 10 !== 0) throw new Error('what an old row this is');
        return 10;
      },
    });
    await here.rebuilt(second);
    expect(await here.tallied()).toEqual([40]);
    expect(await second.status(TALLY)).toMatchObject({ state: 'live', lastError: null, handled: 4 });
  });

  it('stops on a failure, reports the reason, and leaves the rows unchanged', async () => {
    let broken = false;
    const node = await here.start({
      weigh: (_event, { position }) => {
        if (broken && position === 3) throw new Error('it was never like that');
        return 1;
      },
    });
    await here.open(node);
    for (let n = 0; n < 4; n++) await here.raise(node);
    await here.caughtUp(node);
    broken = true;
    await node.subscriptions.rebuild(TALLY);
    await eventually(async () =>
      expect((await node.status(TALLY)).rebuild).toMatchObject({
        state: 'failed',
        error: 'it was never like that (counters.counter-raised at position 3)',
      }),
    );
    await here.raise(node);
    await here.caughtUp(node);
    expect(await here.tallied()).toEqual([5]);
    expect(JSON.stringify(await here.schema())).not.toContain('rebuild_tally');

    broken = false;
    await node.subscriptions.rebuild(TALLY);
    await here.rebuilt(node);
    expect(await here.tallied()).toEqual([5]);
  });

  it('resumes at its position after its process ends', async () => {
    const first = await here.start();
    await here.open(first);
    await here.raiseOften(first, 2_200);
    await here.caughtUp(first);
    await here.stop(first);

    const held = gate();
    const second = await here.start({
      version: 2,
      weigh: async (_event, { position }) => {
        if (position === 1_900) await held.opened;
        return 2;
      },
    });
    // A batch has at most 1,000 events, and fewer on a busy machine: the one that waits begins behind 900, wherever others end.
    await eventually(async () => expect((await second.status(TALLY)).rebuild!.position).toBeGreaterThanOrEqual(899));
    const stopping = here.stop(second);
    await eventually(() => expect(second.get(LogTail).hasEnded).toBe(true));
    held.open();
    await stopping;
    expect(await here.tallied()).toEqual([2_200]);

    const positions: number[] = [];
    const third = await here.start({
      version: 2,
      weigh: (_event, { position }) => {
        positions.push(position);
        return 2;
      },
    });
    await here.rebuilt(third);
    expect(await here.tallied()).toEqual([4_400]);
    expect(Math.min(...positions)).toBeGreaterThan(899);
  });

  it('of newer rows is done by an older program only on request', async () => {
    const newer = await here.start({ version: 2, weigh: () => 2 });
    await here.open(newer);
    await here.raise(newer);
    await here.caughtUp(newer);
    await here.stop(newer);
    const older = await here.start({ version: 1 });
    await here.raise(older);
    await eventually(async () =>
      expect(await older.status(TALLY)).toMatchObject({
        owner: null,
        lag: 1,
        lastError: expect.stringContaining('Deploy the newer program') as string,
      }),
    );
    expect(await here.tallied()).toEqual([2]);
    await older.subscriptions.rebuild(TALLY);
    await here.rebuilt(older);
    expect(await here.tallied()).toEqual([2]);
    expect((await older.status(TALLY)).rebuild!.comparison).toMatchObject([{ added: 0, removed: 0, changed: 1 }]);
  });
});
