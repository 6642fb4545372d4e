import type { ModuleMetadata } from '@nestjs/common';
import { EventsHandler } from '@nestjs/cqrs';
import {
  type EventContext,
  type FailurePolicy,
  type RecordedEvent,
  EventSkips,
  Retry,
  SideEffect,
  type SideEffectHandler,
} from '../src/index.js';
import { LogVerifier } from '../src/operations/verify/log-verifier.js';
import { CounterNodes, open, pause, raise, settled } from './counters/counter-nodes.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterRaised } from './counters/counter.js';
import { TALLY, tallies } from './counters/tally-projection.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';

const SOON = { first: 20, longest: 80 };
const LATE = { first: 300_000 };

/** Runs before each event is handled, on any node. */
const handling: { before: (by: number) => void | Promise<void>; calls: number[] } = {
  before: () => undefined,
  calls: [],
};

function handle(by: number): void | Promise<void> {
  handling.calls.push(by);
  return handling.before(by);
}

/** Throws at this amount. */
function failAt(bad: number): void {
  handling.before = (by) => {
    if (by === bad) throw new Error(`no ${bad}`);
  };
}

async function eventAt(node: CounterNode, position: number): Promise<RecordedEvent> {
  return (await node.log.readAll({ after: position - 1, limit: 1 })).events[0]!;
}

function times(by: number): number {
  return handling.calls.filter((each) => each === by).length;
}

function effect(policy: FailurePolicy): ModuleMetadata {
  @Retry({ attempts: 2, backoff: { first: 5, longest: 5 }, policy })
  @SideEffect({ name: EFFECT, startAt: 'beginning', partitioned: false })
  @EventsHandler(CounterRaised)
  class Effect implements SideEffectHandler<CounterRaised> {
    async handle({ by }: CounterRaised, _context: EventContext): Promise<void> {
      await handle(by);
    }
  }
  return { providers: [Effect] };
}

const EFFECT = 'counters.effect';

const TALLIES = tallies({
  weigh: (event) => {
    void handle((event as CounterRaised).by);
    return 1;
  },
});

beforeEach(() => {
  handling.before = () => undefined;
  handling.calls = [];
});

describe.each(DATABASE_KINDS)('a subscription that stops after an error, on %s', (kind) => {
  let nodes: CounterNodes;

  afterEach(() => nodes.drop());

  async function begin(feature: ModuleMetadata, restartPause: object): Promise<{ node: CounterNode; id: string }> {
    nodes = await CounterNodes.prepare(kind, feature);
    const node = await nodes.start({ restartPause });
    return { node, id: await open(node) };
  }

  it.each([
    ['a read model', TALLIES, TALLY],
    ['a side effect that does not park', effect('restart'), EFFECT],
  ] as const)('starts again by itself, and skips nothing: %s', async (_kind, feature, name) => {
    const { node, id } = await begin(feature, SOON);
    failAt(13);
    for (const by of [1, 2]) await raise(node, id, by);
    const bad = await raise(node, id, 13);
    await raise(node, await open(node), 3);
    await eventually(async () => expect((await node.status(name)).restarts).toBeGreaterThan(3));
    expect(await node.status(name)).toMatchObject({
      state: 'stopped',
      position: bad - 1,
      lastError: `no 13 (counters.counter-raised at position ${bad})`,
    });
    expect(times(3)).toBeLessThanOrEqual(1);

    handling.before = () => undefined;
    await settled(node, { state: 'live', restarts: 0, restartAt: null, lastError: null }, name);
    expect(times(2)).toBeGreaterThan(0);
    expect(handling.calls.lastIndexOf(13)).toBeLessThan(handling.calls.lastIndexOf(3));
    // The next failure begins with the first pause again.
    failAt(14);
    await raise(node, id, 14);
    await eventually(async () => expect((await node.status(name)).restarts).toBeGreaterThan(0));
  });

  it.each([
    ['the policy is to stop', 'stop', LATE],
    ['its pause is not over', 'restart', LATE],
  ] as const)('stays stopped until it is resumed when %s', async (_case, policy, pause) => {
    const { node, id } = await begin(effect(policy), pause);
    failAt(13);
    const bad = await raise(node, id, 13);
    await eventually(async () => expect(await node.status(EFFECT)).toMatchObject({ state: 'stopped', owner: null }));
    const { restartAt } = await node.status(EFFECT);
    expect(restartAt === null).toBe(policy === 'stop');
    expect(times(13)).toBe(2);

    // Resuming it gives it another try at once, and the pause begins anew.
    await node.subscriptions.resume(EFFECT);
    await eventually(async () => {
      expect(times(13)).toBe(4);
      expect(await node.status(EFFECT)).toMatchObject({ state: 'stopped', restarts: 1 });
      expect((await node.status(EFFECT)).position).toBeLessThan(bad);
    });
    handling.before = () => undefined;
    await node.subscriptions.resume(EFFECT);
    await settled(node, { state: 'live', restarts: 0 }, EFFECT);
  });

  it('starts again at once when it is resumed while a new process tries it in vain', async () => {
    const { node, id } = await begin(effect('restart'), LATE);
    failAt(13);
    await raise(node, id, 13);
    await eventually(async () => expect(await node.status(EFFECT)).toMatchObject({ state: 'stopped', owner: null }));
    await nodes.stop(node);
    const operator = await nodes.start({ runSubscriptions: false });

    let attempts = 0;
    handling.before = async () => {
      attempts += 1;
      if (attempts > 1) return;
      await operator.subscriptions.resume(EFFECT);
      throw new Error('not yet');
    };
    const another = await nodes.start({ restartPause: LATE });
    await settled(another, { state: 'live', restarts: 0 }, EFFECT);
    expect(attempts).toBe(2);
  });

  it('is not tried by each node in turn, and keeps its pause when a node stops', async () => {
    const { node, id } = await begin(TALLIES, LATE);
    const other = await nodes.start({ leaseTtl: 2_000, restartPause: LATE });
    failAt(13);
    await raise(node, id, 13);
    await eventually(async () => expect(await other.status(TALLY)).toMatchObject({ state: 'stopped', restarts: 1 }));
    const before = await other.status(TALLY);
    await nodes.stop(node);
    // The other node has read all rows of state once it runs what the first one ran.
    await eventually(async () => expect((await other.status()).owner).toMatch(/./));
    await raise(other, id, 1);
    await settled(other, { state: 'live' }, 'counters.counter-view');
    expect(await other.status(TALLY)).toEqual({ ...before, lag: before.lag + 1, ranges: expect.anything() });
    expect(times(13)).toBe(3);
  });

  it.each([
    ['a read model', TALLIES, TALLY],
    ['a side effect that does not park', effect('stop'), EFFECT],
  ] as const)(
    'is moved over an event by an operator who names it, with the reason: %s',
    async (_kind, feature, name) => {
      const { node, id } = await begin(feature, LATE);
      const good = await raise(node, id, 1);
      await settled(node, { state: 'live' }, name);
      const request = { reason: 'made by a bug', actor: 'cli' };
      const skip = (eventId: string) => node.get(EventSkips).skip(name, { ...request, eventId });
      const { eventId: goodId } = await eventAt(node, good);
      await expect(skip(goodId)).rejects.toMatchObject({ code: 'subscription-not-stopped' });

      failAt(13);
      const bad = await raise(node, id, 13);
      const last = await raise(node, id, 2);
      await eventually(async () => expect(await node.status(name)).toMatchObject({ state: 'stopped' }));
      const { eventId } = await eventAt(node, bad);
      await expect(skip(goodId)).rejects.toThrow(new RegExp(`It has stopped at ${eventId} .* at position ${bad}\\)`));
      expect(await skip(eventId)).toMatchObject({ eventId, position: bad });

      const { discarded } = await node.status(name);
      expect(discarded).toBe(1);
      await settled(node, { state: 'live', restarts: 0, lastError: null }, name);
      expect(times(13)).toBe(name === TALLY ? 3 : 2);
      expect(times(2)).toBe(1);
      const audit = await node.log.readAll({ after: last, limit: 10, types: ['leftfold.event-skipped'] });
      expect(audit.events.map(({ data, metadata }) => ({ data, actor: metadata.actor }))).toEqual([
        { data: expect.objectContaining({ subscription: name, eventId, reason: request.reason }), actor: 'cli' },
      ]);
      expect((await node.get(LogVerifier).verify()).findings).toEqual([]);
      await expect(skip(eventId)).rejects.toMatchObject({ code: 'subscription-not-stopped' });
    },
  );

  it('keeps a pause that an operator asked for while it failed', async () => {
    const { node, id } = await begin(effect('restart'), SOON);
    handling.before = () => {
      throw new Error('no');
    };
    await raise(node, id, 1);
    await eventually(async () => expect((await node.status(EFFECT)).restarts).toBeGreaterThan(1));
    await pause(node, EFFECT);
    await node.subscriptions.resume(EFFECT);
    handling.before = () => undefined;
    await settled(node, { state: 'live' }, EFFECT);
  });
});
