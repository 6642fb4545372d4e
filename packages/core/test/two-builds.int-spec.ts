import type { INestApplicationContext } from '@nestjs/common';
import { EventLog, type EventSourcingOptions, LeftSubscriptions, Subscriptions } from '../src/index.js';
import { RENAMED, ThingRenamed } from './builds/thing-renamed.js';
import { EFFECT, type Handled, MADE, SHARED, storeThing, ThingMade, things, VIEW } from './builds/things.js';
import { createKernelDatabase } from './counters/kernel-database.js';
import { DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { bootKernel } from './counters/counter-node.js';
import { eventually } from './support/eventually.js';
import { runSql } from './support/stored-rows.js';

type Build = 'old' | 'new';

/** What the side effects have handled. */
const handled: (Handled & { readonly build: Build })[] = [];

/** The old build has no class for the second event. */
function programOf(build: Build) {
  const events = build === 'old' ? [ThingMade] : [ThingMade, ThingRenamed];
  return things(events, (each) => void handled.push({ ...each, build }));
}

describe.each(DATABASE_KINDS)('two builds on one database, %s', (kind) => {
  let database: TestDatabase;
  let nodes: INestApplicationContext[] = [];

  beforeEach(async () => {
    handled.length = 0;
    database = await createKernelDatabase(kind);
  });

  afterEach(async () => {
    for (const node of nodes) await node.close();
    nodes = [];
    await database.drop();
  });

  async function start(build: Build, options: Partial<EventSourcingOptions> = {}): Promise<INestApplicationContext> {
    const restartPause = { first: 50, longest: 100 };
    const node = await bootKernel(database, { leaseTtl: 6_000, restartPause, ...options }, programOf(build));
    nodes.push(node);
    return node;
  }

  const store = (node: INestApplicationContext, id: string, type: string) => storeThing(node.get(EventLog), id, type);

  const status = (node: INestApplicationContext, name: string) => node.get(Subscriptions).get(name);
  const positions = (name: string) => handled.filter((each) => each.name === name).map(({ position }) => position);

  it('an event that a node does not know waits for a node that knows it', async () => {
    const old = await start('old');
    const made = await store(old, '1', MADE);
    for (const name of [EFFECT, SHARED, VIEW]) {
      await eventually(async () => expect(await status(old, name)).toMatchObject({ position: made }));
    }

    // A node of the new build that runs no subscriptions stores the event. Only the old one can run them.
    const api = await start('new', { runSubscriptions: false });
    const renamed = await store(api, '1', RENAMED);
    const later = await store(api, '2', MADE);
    for (const name of [EFFECT, SHARED, VIEW]) {
      await eventually(async () => {
        const { position, lastError } = await status(old, name);
        expect({ name, position, lastError }).toEqual({
          name,
          position: made,
          lastError: expect.stringMatching(`does not know the type "${RENAMED}".*Start a version that knows it`),
        });
      });
    }
    await eventually(() =>
      expect(old.get(LeftSubscriptions).left()).toEqual(
        expect.arrayContaining([EFFECT, SHARED, VIEW].map((name) => ({ name, type: RENAMED }))),
      ),
    );

    const worker = await start('new');
    for (const name of [EFFECT, SHARED, VIEW]) {
      await eventually(async () =>
        expect(await status(worker, name)).toMatchObject({ position: later, lastError: null, state: 'live' }),
      );
    }
    for (const name of [EFFECT, SHARED]) expect(positions(name)).toEqual([made, renamed, later]);
    expect(handled.filter(({ type }) => type === RENAMED).map(({ build }) => build)).toEqual(['new', 'new']);
    await eventually(async () =>
      expect(await runSql(database.viewsUrl, 'select counter_id, raises from tally order by counter_id')).toEqual([
        { counter_id: '1', raises: 2 },
        { counter_id: '2', raises: 1 },
      ]),
    );
  });

  it('nothing is skipped while both store and handle events', async () => {
    const old = await start('old');
    for (let n = 0; n < 10; n++) await store(old, `${n}`, MADE);
    const current = await start('new');
    const stored: Promise<number>[] = [];
    for (let n = 0; n < 200; n++) {
      stored.push(n % 3 === 0 ? store(current, `${n % 16}`, RENAMED) : store(old, `${n % 16}`, MADE));
      if (n % 10 === 9) await Promise.all(stored);
    }
    await Promise.all(stored);
    const head = await current.get(EventLog).head();
    for (const name of [EFFECT, SHARED, VIEW]) {
      await eventually(async () => expect(await status(current, name)).toMatchObject({ position: head, parked: 0 }));
    }
    const all = Array.from({ length: head }, (_, index) => index + 1);
    for (const name of [EFFECT, SHARED]) {
      // Side effects are at least once: the old node may be in the middle of a batch when the new one comes.
      expect([...new Set(positions(name))].toSorted((one, other) => one - other)).toEqual(all);
    }
    expect(handled.filter(({ type, build }) => type === RENAMED && build === 'old')).toEqual([]);
    const [sum] = await runSql(database.viewsUrl, 'select sum(raises) as sum from tally');
    expect(Number(sum!.sum)).toBe(head);
  });
});
