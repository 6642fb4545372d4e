import { jest } from '@jest/globals';
import { Databases } from '../../src/databases/databases.js';
import { isInRange, partitionOf } from '../../src/event-log/partition.js';
import { LogVerifier } from '../../src/operations/verify/log-verifier.js';
import { Nodes } from '../../src/subscriptions/ranges/nodes.js';
import { ThisNode } from '../../src/subscriptions/ranges/this-node.js';
import { LONGEST_LEASE } from '../../src/subscriptions/states/longest-lease.js';
import { EventLog, ReadModelPositions } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import type { CounterNode } from '../counters/counter-node.js';
import {
  CounterNodes,
  eventsOf,
  gate,
  lettersOf,
  lowered,
  open,
  pause,
  raise,
  settled,
  worked,
} from '../counters/counter-nodes.js';
import { spreadIds } from '../counters/spread-ids.js';
import { LEVELLING, LEVELLING_PROVIDERS, lowerIt, reaction } from '../counters/counter-saga.js';
import { runSql } from '../support/stored-rows.js';
import { SHARED_VIEW, SHARED_VIEW_FEATURE, SharedView, SharedViewProjection } from './shared-view.js';
import { resetShared, SHARED, shared, SharedEffect } from './shared-effect.js';

const PARTITIONS = 1024;
/** So short that nodes notice a node that is gone while the test waits, in ms. */
const SHORT = { leaseTtl: 3_000 };

describe('nodes that share subscriptions on PostgreSQL', () => {
  let nodes: CounterNodes;
  let first: CounterNode;
  let ids: string[];
  let held = gate();

  beforeAll(async () => {
    nodes = await CounterNodes.prepare('postgres', {
      imports: [SHARED_VIEW_FEATURE],
      providers: [SharedEffect, SharedViewProjection, ...LEVELLING_PROVIDERS],
    });
    first = await nodes.start(SHORT);
    ids = spreadIds(16);
    for (const id of ids) await open(first, id);
  });

  afterEach(async () => {
    held.open();
    shared.before = () => undefined;
    await nodes.calm(first);
    await settled(first, { lag: 0 }, SHARED);
    resetShared();
    await expectShares(1);
    await expectRows();
  });

  afterAll(() => nodes.drop());

  /** Whatever moved between nodes: each event is in its row once, in order. */
  async function expectRows(): Promise<void> {
    await first.get(ReadModelPositions).waitFor(await first.log.head(), [SharedView]);
    const rows = await runSql(nodes.database.viewsUrl, 'select * from shared_view');
    const applied = new Map(rows.map((row) => [row.counter_id, JSON.parse(row.applied as string) as number[]]));
    for (const id of ids) {
      const events = await eventsOf(first, id);
      const raised = events.filter(({ type }) => type === 'counters.counter-raised');
      expect({ id, applied: applied.get(id) ?? [] }).toEqual({ id, applied: raised.map(({ position }) => position) });
    }
  }

  /** Waits until each of this many nodes has an even share of all subscriptions. */
  async function expectShares(count: number): Promise<void> {
    for (const name of [SHARED, LEVELLING, SHARED_VIEW]) {
      await eventually(async () => {
        const { ranges } = await first.status(name);
        const even = ranges.every(({ from, to }) => Math.abs(to - from + 1 - PARTITIONS / count) < 1);
        expect({ name, even, owners: new Set(ranges.map(({ owner }) => owner)).size, ranges: ranges.length }).toEqual({
          name,
          even: true,
          owners: count,
          ranges: count,
        });
        expect(ranges.map(({ owner }) => owner)).not.toContain(null);
      });
    }
  }

  /** Raises each counter several times; returns the positions by stream. */
  async function raiseAll(times: number): Promise<Map<string, number[]>> {
    const raised = new Map(ids.map((id) => [`counter-${id}`, [] as number[]]));
    for (let n = 0; n < times; n++) {
      for (const id of ids) raised.get(`counter-${id}`)!.push(await raise(first, id));
    }
    return raised;
  }

  function handled(): Map<string, number[]> {
    const byStream = new Map(ids.map((id) => [`counter-${id}`, [] as number[]]));
    for (const { stream, position } of shared.calls) byStream.get(stream)!.push(position);
    return byStream;
  }

  it('notice a node that came and went between two signs of life', async () => {
    const database = first.get(Databases).events;
    const profile = { roles: [], version: null, limit: undefined };
    const [one, brief] = [new ThisNode('one', profile), new ThisNode('brief', profile)].map(
      (self) => new Nodes(database, self, 60_000),
    ) as [Nodes, Nodes];
    const running = () => one.running('counters.none').map(({ id }) => id);
    await one.beat(['counters.none']);
    await brief.beat(['counters.none']);
    await one.readAlive();
    // Two that came in the same ms are in the order of their ids.
    expect(new Set(running())).toEqual(new Set([one.id, brief.id]));
    await brief.leave();

    await expect(one.beat(['counters.none'])).resolves.toBe(true);

    expect(running()).toEqual([one.id]);
    await expect(one.beat(['counters.none'])).resolves.toBe(false);
    await one.leave();
  });

  it('share the streams of a side effect, each event once and in the order of its stream', async () => {
    await nodes.start(SHORT);
    await nodes.start(SHORT);
    await expectShares(3);

    const raised = await raiseAll(3);

    await settled(first, { lag: 0 }, SHARED);
    expect(handled()).toEqual(raised);
    expect(new Set(shared.calls.map(({ handler }) => handler)).size).toBe(3);
  });

  it('read only the events of their own partitions when they catch up', async () => {
    await pause(first, SHARED);
    const raised = await raiseAll(1);
    const second = await nodes.start(SHORT);
    const reads = jest.spyOn(second.get(EventLog), 'readAll');

    await first.subscriptions.resume(SHARED);

    await settled(first, { lag: 0 }, SHARED);
    expect(handled()).toEqual(raised);
    const shares = reads.mock.calls.flatMap(([{ partitions }]) => partitions ?? []);
    expect(new Set(shares.map(({ first, last }) => last - first + 1))).toEqual(new Set([PARTITIONS / 2]));
    const read = await Promise.all(reads.mock.results.map(({ value }) => value as ReturnType<EventLog['readAll']>));
    const others = read.flatMap(({ events }, n) => {
      const { partitions } = reads.mock.calls[n]![0];
      return events.filter(({ stream }) => partitions && !isInRange(partitionOf(stream), partitions));
    });
    expect(others).toEqual([]);
    expect(shared.calls.some(({ handler }) => handler === second.get(SharedEffect))).toBe(true);
  });

  it('share the rows of a partitioned read model, and answer on each node once all shares include a position', async () => {
    const second = await nodes.start(SHORT);
    await expectShares(2);
    SharedViewProjection.streams.clear();

    const raised = await raiseAll(2);

    await second.get(ReadModelPositions).waitFor(Math.max(...[...raised.values()].flat()), [SharedView]);
    const [one, other] = [...SharedViewProjection.streams.values()];
    expect([...one!].filter((stream) => other!.has(stream))).toEqual([]);
    expect(one!.size + other!.size).toBe(ids.length);
    await expectRows();
  });

  it('rebuild a partitioned read model on one of them, and share it again', async () => {
    await nodes.start(SHORT);
    await expectShares(2);
    await raiseAll(1);
    const before = (await first.status(SHARED_VIEW)).rebuild?.finishedAt;

    await first.subscriptions.rebuild(SHARED_VIEW);

    await eventually(async () => {
      const { rebuild } = await first.status(SHARED_VIEW);
      expect(rebuild?.finishedAt).toBeInstanceOf(Date);
      expect(rebuild!.finishedAt).not.toEqual(before);
      expect(rebuild!.comparison).toMatchObject([{ added: 0, removed: 0, changed: 0 }]);
    });
    await expectShares(2);
    await raiseAll(1);
  });

  it('hand streams over when a node joins and leaves in the middle of the work', async () => {
    shared.before = () => new Promise((resolve) => setTimeout(resolve, 2));
    const raised = await raiseAll(1);
    const starting = nodes.start(SHORT);
    const goOn = async (): Promise<void> => {
      for (const [stream, positions] of await raiseAll(1)) raised.get(stream)!.push(...positions);
    };
    const handlers = () => new Set(shared.calls.map(({ handler }) => handler)).size;
    while (handlers() < 2) await goOn();
    const stopping = nodes.stop(await starting);
    await goOn();
    await stopping;
    await goOn();

    await settled(first, { lag: 0 }, SHARED);
    expect(handled()).toEqual(raised);
  });

  it('are handed over at once when a node stops, long before a heartbeat', async () => {
    // With the default lease of these tests, a heartbeat is every 40 s.
    const slow = [await nodes.start(), await nodes.start()];
    await expectShares(3);
    const [row] = await nodes.sql(`select owner, halted from leftfold_subscriptions where name = '${SHARED}'`);
    // An earlier version, which knows of no ranges, does not run it.
    expect(row).toEqual({ owner: 'split', halted: 'split' });

    await nodes.stop(slow[0]!);

    await expectShares(2);
  });

  it('execute the commands of a saga once, in the order of the stream', async () => {
    await nodes.start(SHORT);
    await expectShares(2);
    reaction.to = lowerIt;
    const before = new Map<string, number[]>();
    for (const id of ids) before.set(id, await lowered(first, id));
    for (const by of [1, 2, 3]) for (const id of ids) await raise(first, id, by);

    await worked(first, nodes);

    // A handler may run again, because the test raises the same counter beside it; it lowers it once.
    for (const id of ids) expect(await lowered(first, id)).toEqual([...before.get(id)!, 1, 2, 3]);
  });

  it('retry a parked event on the node that has its stream, and keep its dead letter through a handover', async () => {
    const second = await nodes.start(SHORT);
    await expectShares(2);
    const [bad, good] = [`counter-${ids[0]!}`, `counter-${ids[1]!}`];
    shared.before = ({ stream }) => {
      if (stream === bad) throw new Error('no answer');
    };
    const raised = await raiseAll(2);
    await lettersOf(first, 1);
    expect((await first.get(LogVerifier).verify()).findings).toEqual([]);
    await nodes.stop(second);
    await expectShares(1);
    await settled(first, { parked: 2, lag: 0 }, SHARED);
    expect(handled().get(good)).toEqual(raised.get(good));

    shared.before = () => undefined;
    const [letter] = await first.deadLetters.list(undefined, 10);
    await first.deadLetters.retry(letter!.id);

    await eventually(async () => expect(await first.status(SHARED)).toMatchObject({ parked: 0 }));
    expect(handled()).toEqual(raised);
  });

  it('take over the ranges of a node that is gone; what it had under way writes nothing any more', async () => {
    held = gate();
    // As if it was frozen: its own heartbeat, every 200 s, is so slow that it does not renew in this test.
    const frozen = await nodes.start({ leaseTtl: LONGEST_LEASE });
    await expectShares(2);
    const [handler] = [frozen.get(SharedEffect)];
    const attempts: number[] = [];
    shared.before = async (call) => {
      if (call.handler !== handler) return;
      attempts.push(call.position);
      await held.opened;
    };
    const raised = await raiseAll(2);
    await eventually(() => expect(attempts).toHaveLength(1));
    const { id } = frozen.get(Nodes);
    await nodes.sql(`update leftfold_nodes set expires_at = 0 where id = '${id}'`);
    await eventually(async () => {
      // Its other subscription goes on until it is taken over, and renews its lease with each checkpoint.
      await nodes.sql(`update leftfold_subscription_ranges set expires_at = 0 where owner = '${id}'`);
      for (const name of [SHARED, LEVELLING]) expect((await first.status(name)).ranges).toHaveLength(1);
    });
    await settled(first, { lag: 0 }, SHARED);
    const before = await first.status(SHARED);
    expect(handled()).toEqual(raised);

    held.open();

    await eventually(() => expect(shared.calls.filter((call) => call.handler === handler)).toHaveLength(1));
    await nodes.stop(frozen);
    expect(attempts).toHaveLength(1);
    expect(await first.status(SHARED)).toMatchObject({ position: before.position, handled: before.handled });
  });

  it('pause, resume and go on as ranges', async () => {
    await nodes.start(SHORT);
    await expectShares(2);
    await pause(first, SHARED);
    const raised = await raiseAll(1);
    expect(shared.calls).toEqual([]);

    await first.subscriptions.resume(SHARED);

    await settled(first, { lag: 0 }, SHARED);
    expect(handled()).toEqual(raised);
  });
});
