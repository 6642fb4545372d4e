import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { Counting, START_LIMIT } from './support/counting.js';
import { expectReplay } from './support/expect-subscriptions.js';
import { BATCH_KILL_POINTS } from './support/kill-points.js';
import { seedOf } from './support/seed.js';

/** Events of a batch. After a kill, the next process delivers them one by one. */
const BATCH = 30;
/** What a transaction is, and when it ends, differs between the databases; what is in it does not. */
const POINTS = {
  sqlite: BATCH_KILL_POINTS,
  postgres: ['after the checkpoint, before the commit', 'after the commit'],
} as const;
/** Short, so that the next process soon takes over from a killed one. */
const SETTINGS = { leaseTtl: 500, effects: false };

describe.each(DATABASE_KINDS)('a process that is killed while it projects to %s', (kind) => {
  const seed = seedOf(`kill while projecting, ${kind}`);
  let counting: Counting;

  beforeAll(async () => {
    counting = await Counting.open(kind, seed, SETTINGS);
  });

  afterAll(() => counting.close());

  it.each<(typeof BATCH_KILL_POINTS)[number]>(POINTS[kind])('%s', async (point) => {
    const nth = seed.between(1, 2);
    const { position } = await counting.node.status();
    await counting.appendTogether(BATCH);
    await counting.killedAt(point, nth, SETTINGS, async () => {
      if (nth === 1) return;
      // A batch has been committed.
      await eventually(async () => {
        expect((await counting.node.status()).position).toBeGreaterThan(position);
      }, START_LIMIT);
      await counting.appendTogether(BATCH);
    });
    const left = await expectReplay(counting);
    await expectCaughtUp();
    seed.print(`${point}, in batch ${nth}, leaving position ${left}`);
  });

  async function expectCaughtUp(): Promise<void> {
    await counting.surviving(SETTINGS, async (survivor) => {
      const position = await counting.node.log.head();
      await eventually(async () => expect(await survivor.status()).toMatchObject({ state: 'live', position }));
      const found = await counting.projected();
      expect(found).toEqual(await counting.replayed(position));
      expect(found.handled).toBe(position);
    });
  }
});
