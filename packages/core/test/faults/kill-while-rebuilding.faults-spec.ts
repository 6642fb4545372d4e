import { LogVerifier } from '@leftfold/core';
import { TALLY } from '../counters/tally-projection.js';
import { DATABASE_KINDS, type DatabaseKind } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { Counting } from './support/counting.js';
import { type KillPoint, REBUILD_KILL_POINTS } from './support/kill-points.js';
import { seedOf } from './support/seed.js';

/** A batch of 1,000, and the next one. */
const EVENTS = 1_100;
const SETTINGS = { leaseTtl: 500, effects: false };
/** In the order in which one rebuild passes them: each process continues what the one before has left. */
const KILLS: Readonly<Record<DatabaseKind, readonly [KillPoint, number][]>> = {
  sqlite: REBUILD_KILL_POINTS.flatMap((point): [KillPoint, number][] =>
    // The shadow rows of the first batch come first, then those of the next one.
    point === 'with rows in the shadow tables, before the commit' ? [1, 2].map((nth) => [point, nth]) : [[point, 1]],
  ),
  // Where the databases differ: each makes and exchanges tables in its own way.
  postgres: [
    ['with the shadow tables made, before the commit', 1],
    ['with rows in the shadow tables, before the commit', 2],
    ['with the tables exchanged, before the commit', 1],
  ],
};

describe.each(DATABASE_KINDS)('a rebuild of a read model whose processes are killed on %s', (kind) => {
  const seed = seedOf(`kill while rebuilding, ${kind}`);
  let counting: Counting;

  beforeAll(async () => {
    counting = await Counting.open(kind, seed, { ...SETTINGS, tally: 1 });
    await counting.appendTogether(EVENTS);
    await expectRebuilt(1);
  });

  afterAll(() => counting.close());

  it.each(KILLS[kind])('%s, the time %i', async (point, nth) => {
    await counting.killedAt(point, nth, { ...SETTINGS, tally: 2 });
    expect(await tallied()).toBe(point === 'after the commit of the exchange' ? 2 : 1);
  });

  it('is finished by the next process', () => expectRebuilt(2));

  /** The version of the rows: each version counts every event that many times. */
  async function tallied(): Promise<number> {
    const [row] = await runSql(counting.database.viewsUrl, 'select sum(raises) as raises from tally');
    return Number(row!.raises) / EVENTS;
  }

  async function expectRebuilt(version: number): Promise<void> {
    const position = EVENTS + counting.counterIds.length;
    await counting.surviving({ ...SETTINGS, tally: version }, async (survivor) => {
      await eventually(async () =>
        expect(await survivor.status(TALLY)).toMatchObject({ state: 'live', handled: EVENTS, position }),
      );
      await eventually(async () => expect(await tallied()).toBe(version));
      const tables = await runSql(
        counting.database.viewsUrl,
        kind === 'sqlite'
          ? `select name from sqlite_schema where name like 'rebuild%'`
          : `select relname from pg_class where relname like 'rebuild%'`,
      );
      expect(tables).toEqual([]);
      expect(await survivor.get(LogVerifier).verify()).toMatchObject({ ok: true, findings: [] });
    });
  }
});
