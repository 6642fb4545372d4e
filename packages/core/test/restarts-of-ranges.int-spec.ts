import { EventsHandler } from '@nestjs/cqrs';
import {
  type EventContext,
  EventSkips,
  Retry,
  SideEffect,
  type SideEffectHandler,
  type SubscriptionStatus,
} from '../src/index.js';
import { LogVerifier } from '../src/operations/verify/log-verifier.js';
import { partitionOf } from '../src/event-log/partition.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, eventsOf, open, raise, settled } from './counters/counter-nodes.js';
import { CounterRaised } from './counters/counter.js';
import { DAMAGED, FAILING, SHARED_VIEW, SHARED_VIEW_FEATURE, SharedViewProjection } from './ranges/shared-view.js';
import { spreadIds } from './counters/spread-ids.js';
import { eventually } from './support/eventually.js';

const LATE = { first: 300_000 };
const STRICT = 'counters.strict';

/** What the partitioned side effect has tried and done, on all nodes. */
const shared: { tries: string[]; calls: EventContext[]; before: (context: EventContext) => void | Promise<void> } = {
  tries: [],
  calls: [],
  before: () => undefined,
};

function resetShared(): void {
  shared.tries = [];
  shared.calls = [];
  shared.before = () => undefined;
}

@Retry({ attempts: 2, backoff: { first: 5, longest: 5 }, policy: 'restart' })
@SideEffect({ name: STRICT, startAt: 'beginning' })
@EventsHandler(CounterRaised)
class StrictEffect implements SideEffectHandler<CounterRaised> {
  async handle(_event: CounterRaised, context: EventContext): Promise<void> {
    shared.tries.push(context.stream);
    await shared.before(context);
    shared.calls.push(context);
  }
}

function ownersOf({ ranges }: SubscriptionStatus): string[] {
  return [...new Set(ranges.flatMap(({ owner }) => owner ?? []))];
}

describe('a range that stops after an error, on PostgreSQL', () => {
  let nodes: CounterNodes;

  beforeEach(resetShared);
  afterEach(async () => {
    await nodes.drop();
    resetShared();
  });

  it('pauses alone, and no node tries it until the pause is over', async () => {
    nodes = await CounterNodes.prepare('postgres', { providers: [StrictEffect] });
    const short = { leaseTtl: 3_000, restartPause: LATE };
    const first = await nodes.start(short);
    const second = await nodes.start(short);
    await eventually(async () => expect(ownersOf(await first.status(STRICT))).toHaveLength(2));
    const ids = spreadIds(16);
    for (const id of ids) await open(first, id);
    const bad = `counter-${ids[0]}`;
    const failing = ({ stream }: EventContext): void => {
      if (stream === bad) throw new Error('no');
    };
    shared.before = failing;
    for (const id of ids) await raise(first, id);
    await eventually(async () => expect(await first.status(STRICT)).toMatchObject({ state: 'stopped', restarts: 1 }));
    const attempts = () => shared.tries.filter((stream) => stream === bad).length;
    expect(attempts()).toBe(2);

    // It is resumed while it is tried again in vain, so it starts once more at once.
    let tries = 0;
    shared.before = async ({ stream }) => {
      if (stream !== bad) return;
      tries += 1;
      if (tries === 1) await first.subscriptions.resume(STRICT);
      if (tries <= 2) throw new Error('not yet');
    };
    await nodes.sql(`update leftfold_subscription_ranges set restart_at = 0 where restart_at is not null`);
    await settled(first, { state: 'live', restarts: 0 }, STRICT);
    expect(tries).toBe(3);

    shared.tries = [];
    shared.before = failing;
    await raise(first, ids[0]!);
    await eventually(async () => expect(await first.status(STRICT)).toMatchObject({ state: 'stopped', restarts: 1 }));
    expect(attempts()).toBe(2);

    // The other range goes on.
    const isBad = (id: string) => partitionOf(`counter-${id}`) < 512 === partitionOf(bad) < 512;
    const others = ids.filter((id) => !isBad(id));
    for (const id of others) await raise(first, id);
    const calls = () => shared.calls.filter(({ stream }) => others.includes(stream.slice('counter-'.length)));
    await eventually(() => expect(calls()).toHaveLength(2 * others.length));

    // The node that is left takes what is free, and not the range that pauses.
    await nodes.stop(second);
    await eventually(async () => {
      const { ranges } = await first.status(STRICT);
      expect(ranges.filter(({ owner }) => owner !== null)).toHaveLength(1);
      expect(ranges.filter(({ owner }) => owner === null)).toHaveLength(1);
    });
    for (const id of others) await raise(first, id);
    await eventually(() => expect(calls()).toHaveLength(3 * others.length));
    expect(attempts()).toBe(2);
    expect(await first.status(STRICT)).toMatchObject({ state: 'stopped', restarts: 1 });

    // An operator moves the range over the event.
    const { eventId } = (await eventsOf(first, ids[0]!)).findLast(({ type }) => type === 'counters.counter-raised')!;
    await first.get(EventSkips).skip(STRICT, { eventId, reason: 'made by a bug', actor: 'cli' });
    await settled(first, { state: 'live', restarts: 0, discarded: 1 }, STRICT);
    expect(attempts()).toBe(2);
  });

  /** Two nodes that share a read model of four counters. */
  async function sharedView(): Promise<{ first: CounterNode; ids: readonly string[] }> {
    nodes = await CounterNodes.prepare('postgres', {
      imports: [SHARED_VIEW_FEATURE],
      providers: [SharedViewProjection],
    });
    const short = { leaseTtl: 3_000, restartPause: LATE };
    const first = await nodes.start(short);
    await nodes.start(short);
    await eventually(async () => expect(ownersOf(await first.status(SHARED_VIEW))).toHaveLength(2));
    const ids = spreadIds(4);
    for (const id of ids) await open(first, id);
    return { first, ids };
  }

  it('of a read model is rebuilt, although the other ranges are further', async () => {
    const { first, ids } = await sharedView();
    for (const id of ids) await raise(first, id);
    await settled(first, { lag: 0 }, SHARED_VIEW);
    await nodes.viewsSql(`update shared_view set applied = '[${DAMAGED}]' where counter_id = '${ids[0]}'`);
    for (const id of ids) await raise(first, id);
    await eventually(async () => {
      const { restarts, ranges } = await first.status(SHARED_VIEW);
      expect({ restarts, behind: ranges.filter(({ lag }) => lag > 0).length }).toEqual({ restarts: 1, behind: 1 });
    }, 30_000);

    await first.subscriptions.rebuild(SHARED_VIEW);
    await first.subscriptions.resume(SHARED_VIEW);

    await settled(first, { state: 'live', restarts: 0, handled: 8, lag: 0 }, SHARED_VIEW);
    expect((await first.status(SHARED_VIEW)).rebuild).toMatchObject({ state: 'done', comparison: [{ changed: 1 }] });
    const rows = await nodes.viewsSql('select applied from shared_view');
    expect(rows.map(({ applied }) => (JSON.parse(applied as string) as number[]).length)).toEqual([2, 2, 2, 2]);
    expect((await first.get(LogVerifier).verify()).findings).toEqual([]);
  });

  it('of a read model passes an event that an operator skips', async () => {
    const { first, ids } = await sharedView();
    await raise(first, ids[0]!, FAILING);
    await raise(first, ids[3]!);
    await eventually(
      async () => expect(await first.status(SHARED_VIEW)).toMatchObject({ state: 'stopped', restarts: 1 }),
      30_000,
    );

    const { eventId } = (await eventsOf(first, ids[0]!)).at(-1)!;
    await first.get(EventSkips).skip(SHARED_VIEW, { eventId, reason: 'made by a bug', actor: 'cli' });
    await raise(first, ids[0]!);
    await settled(first, { state: 'live', restarts: 0, discarded: 1, lag: 0 }, SHARED_VIEW);
    const applied = await nodes.viewsSql('select counter_id, applied from shared_view order by counter_id');
    expect(applied.map(({ applied: positions }) => (JSON.parse(positions as string) as number[]).length)).toEqual([
      1, 1,
    ]);
    const [epochs] = await nodes.viewsSql(
      `select (select epoch from leftfold_read_models where name = '${SHARED_VIEW}') as whole, max(epoch) as ranges
         from leftfold_read_model_ranges where subscription = '${SHARED_VIEW}'`,
    );
    expect(Number(epochs!.whole)).toBeGreaterThanOrEqual(Number(epochs!.ranges));
  });
});
