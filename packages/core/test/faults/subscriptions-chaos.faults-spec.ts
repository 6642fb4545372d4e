import { LogVerifier } from '@leftfold/core';
import { setTimeout as sleep } from 'node:timers/promises';
import { ALARM } from '../counters/counter-alarm.js';
import { DATABASE_KINDS } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { Chaos, NAMES } from './support/chaos.js';
import { expectInOrder } from './support/expect-subscriptions.js';
import { seedOf } from './support/seed.js';

/** How each round ends. kill-while-subscribing.faults-spec.ts and leases.faults-spec.ts have both ends on both databases. */
const ROUNDS = { sqlite: ['SIGTERM', undefined], postgres: ['SIGKILL', undefined] } as const;
const STEPS = 14;
/** Between two steps, in ms. */
const LONGEST_PAUSE = 80;

describe.each(DATABASE_KINDS)('subscriptions on %s', (kind) => {
  let chaos: Chaos;

  afterEach(() => chaos.counting.close());

  it('reach the correct final state after any faults', async () => {
    const seed = seedOf(`chaos, ${kind}`);
    chaos = await Chaos.begin(kind, seed);
    const { node } = chaos.counting;
    for (const signal of ROUNDS[kind]) {
      for (let step = 0; step < STEPS; step++) {
        await chaos.step();
        await sleep(seed.between(0, LONGEST_PAUSE));
      }
      if (signal) await chaos.end(signal);
    }

    await chaos.calm();
    const head = await node.log.head();
    await eventually(async () => {
      // It may have been discarded a moment ago.
      await chaos.retryDeadLetters();
      for (const name of NAMES) {
        if ((await node.status(name)).state === 'stopped') await node.subscriptions.resume(name);
      }
      for (const name of NAMES) {
        expect(await node.status(name)).toMatchObject({ name, position: head, state: 'live', parked: 0 });
      }
    }, 60_000);
    expect(await chaos.stopProcesses()).toEqual([0, 0]);

    const raised = await chaos.counting.raised();
    const { told, killed, discarded } = chaos;
    seed.print(`${head} events, ${told.length} steps, ${killed.size} kills, ${discarded.length} discarded`);
    await expectRowsOfAReplay(head, raised.length);
    await expectEveryEffect(raised);
    expect(await node.status(ALARM)).toMatchObject({
      handled: raised.length - discarded.length,
      discarded: discarded.length,
    });
    expect(await node.get(LogVerifier).verify()).toMatchObject({ ok: true, findings: [], subscriptions: 4 });
  }, 180_000);

  async function expectRowsOfAReplay(head: number, raised: number): Promise<void> {
    const { counting } = chaos;
    const [tallied] = await runSql(counting.database.viewsUrl, 'select sum(raises) as raises from tally');
    expect(Number(tallied!.raises)).toBe(raised);
    expect((await counting.projected()).rows).toEqual((await counting.replayed(head)).rows);
  }

  async function expectEveryEffect(raised: readonly number[]): Promise<void> {
    const calls = await chaos.counting.calls('done');
    const done = new Set(calls.map(({ position }) => position));
    const expected = raised.filter((position) => done.has(position) || !chaos.discarded.includes(position));
    expect([...done].toSorted((a, b) => a - b)).toEqual(expected);
    expectInOrder(calls);

    const { killed, overtaken } = chaos;
    const by = new Map<number, number[]>();
    for (const { pid, position } of calls) {
      const before = by.get(position) ?? [];
      by.set(position, [...before, pid]);
      // Only work of a killed process may be repeated, and only after the kill, and what one did that lost its lease.
      const again = before.filter((each) => !overtaken.has(each) && (!killed.has(each) || each === pid));
      expect({ position, again }).toEqual({ position, again: [] });
    }
  }
});
