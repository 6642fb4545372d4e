import { setTimeout as sleep } from 'node:timers/promises';
import { LogVerifier } from '../../src/event-sourcing/index.js';
import { ALARM } from '../kernel/counters/counter-alarm.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { Chaos, NAMES } from './support/chaos.js';
import { projected, readUpTo, replayed } from './support/projecting.js';
import { seedOf } from './support/seed.js';

const STEPS = 60;
/** Between two steps, in ms. */
const LONGEST_PAUSE = 150;

describe.each(DATABASE_KINDS)('subscriptions on %s', (kind) => {
  let chaos: Chaos;

  afterEach(() => chaos.close());

  it('come to the right end, whatever befalls them', async () => {
    const seed = seedOf(`chaos, ${kind}`);
    chaos = await Chaos.begin(kind, seed);
    const { node } = chaos;
    for (let step = 0; step < STEPS; step++) {
      await chaos.step();
      await sleep(seed.between(0, LONGEST_PAUSE));
    }

    await chaos.calm();
    const head = await node.log.head();
    await eventually(async () => {
      // One may have been given up a moment ago.
      await chaos.retryDeadLetters();
      await Promise.all(NAMES.map((name) => resumeStopped(name)));
      for (const name of NAMES) {
        expect(await node.status(name)).toMatchObject({ name, position: head, state: 'live', parked: 0 });
      }
    }, 60_000);
    expect(await chaos.stopProcesses()).toEqual([0, 0]);

    const events = await readUpTo(node.log, head);
    const raised = events.filter(({ type }) => type === 'counters.counter-raised');
    const { told, killed, discarded } = chaos;
    seed.print(`${head} events, ${told.length} steps, ${killed.size} kills, ${discarded.length} discarded`);
    await expectRowsOfAReplay(head, raised.length);
    await expectEveryEffect(raised.map(({ position }) => position));
    expect(await node.status(ALARM)).toMatchObject({
      handled: raised.length - chaos.discarded.length,
      discarded: chaos.discarded.length,
    });
    expect(await node.get(LogVerifier).verify()).toMatchObject({ ok: true, findings: [], subscriptions: 3 });
  }, 240_000);

  async function resumeStopped(name: string): Promise<void> {
    if ((await chaos.node.status(name)).state === 'stopped') await chaos.node.subscriptions.resume(name);
  }

  async function expectRowsOfAReplay(head: number, raised: number): Promise<void> {
    const rows = await runSql(chaos.database.viewsUrl, 'select sum(raises) as raises, count(*) as counters from tally');
    expect(Number(rows[0]!.raises)).toBe(raised);
    expect((await projected(chaos.database)).rows).toEqual((await replayed(chaos.node.log, head)).rows);
  }

  async function expectEveryEffect(raised: readonly number[]): Promise<void> {
    const calls = await chaos.calls();
    const done = new Set(calls.map(({ position }) => position));
    const expected = raised.filter((position) => done.has(position) || !chaos.discarded.includes(position));
    expect([...done].toSorted((a, b) => a - b)).toEqual(expected);

    const by = new Map<number, number[]>();
    const lastOf = new Map<string, number>();
    for (const { pid, position, stream } of calls) {
      const before = by.get(position);
      by.set(position, [...(before ?? []), pid]);
      // Only what a killed process had done may be done again, and never by itself.
      if (before)
        expect({ position, again: before.filter((each) => !chaos.killed.has(each)) }).toEqual({ position, again: [] });
      if (before) expect(before).not.toContain(pid);
      else {
        expect({ stream, position }).toEqual({ stream, position: Math.max(position, lastOf.get(stream) ?? 0) });
        lastOf.set(stream, position);
      }
    }
  }
});
