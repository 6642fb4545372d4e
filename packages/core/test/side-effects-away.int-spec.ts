import { EventsHandler } from '@nestjs/cqrs';
import { DependencyAwayError, type EventContext, Retry, SideEffect, type SideEffectHandler } from '../src/index.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, gate, lettersOf, open, pause, raise, readToHead, settled } from './counters/counter-nodes.js';
import { CounterRaised } from './counters/counter.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';

const SENDER = 'counters.sender';

type Sent = Pick<EventContext, 'stream' | 'position'>;
const sender: { sent: Sent[]; before: (event: Sent) => void | Promise<void> } = { sent: [], before: () => undefined };

/** A side effect that handles several events at a time. Three attempts, so that a wrong count is seen. */
@Retry({ attempts: 3, backoff: { first: 5, longest: 20 } })
@SideEffect({ name: SENDER, startAt: 'beginning', concurrency: 16 })
@EventsHandler(CounterRaised)
class CounterSender implements SideEffectHandler<CounterRaised> {
  async handle(_event: CounterRaised, { stream, position }: EventContext): Promise<void> {
    await sender.before({ stream, position });
    sender.sent.push({ stream, position });
  }
}

describe.each(DATABASE_KINDS)('a side effect of several events at a time on %s', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;

  const positionsOf = (id: string): number[] =>
    sender.sent.filter(({ stream }) => stream === `counter-${id}`).map(({ position }) => position);

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: [CounterSender] });
    node = await nodes.start();
  });

  afterEach(async () => {
    sender.before = () => undefined;
    await nodes.calm(node);
    sender.sent = [];
  });

  afterAll(() => nodes.drop());

  it('handles other streams while one waits, and moves the checkpoint past events that are done only', async () => {
    const [slow, fast] = [await open(node), await open(node)];
    await settled(node, {}, SENDER);
    const { opened, open: go } = gate();
    sender.before = ({ stream }) => (stream === `counter-${slow}` ? opened : undefined);
    await pause(node, SENDER);
    const first = await raise(node, slow);
    const others = [await raise(node, fast), await raise(node, slow), await raise(node, fast)];
    await readToHead(node);
    await node.subscriptions.resume(SENDER);

    await eventually(() => expect(positionsOf(fast)).toEqual([others[0], others[2]]));
    expect((await node.status(SENDER)).position).toBeLessThan(first);
    go();
    await settled(node, { parked: 0 }, SENDER);
    expect(positionsOf(slow)).toEqual([first, others[1]]);
  });

  it('waits at its checkpoint while what it depends on is away, however long, and parks nothing', async () => {
    const ids = [await open(node), await open(node)];
    await settled(node, {}, SENDER);
    const { position: before, handled } = await node.status(SENDER);
    let [refusals, isAway] = [0, true];
    sender.before = () => {
      if (!isAway) return;
      refusals += 1;
      throw new DependencyAwayError('the broker is away');
    };
    const positions: number[] = [];
    for (let n = 0; n < 10; n++) positions.push(await raise(node, ids[n % 2]!));

    // Many more than the attempts that one event has.
    await eventually(() => expect(refusals).toBeGreaterThan(40));
    expect(await node.status(SENDER)).toMatchObject({ position: before, parked: 0, lastError: 'the broker is away' });
    isAway = false;
    await settled(node, { parked: 0, handled: handled + 10, lastError: null }, SENDER);
    for (const [index, id] of ids.entries())
      expect(positionsOf(id)).toEqual(positions.filter((_, n) => n % 2 === index));
  });

  it('does not count attempts at a parked event while what it depends on is away', async () => {
    const id = await open(node);
    let mode: 'fails' | 'away' | 'works' = 'fails';
    let refusals = 0;
    sender.before = () => {
      if (mode === 'fails') throw new Error('too large');
      if (mode === 'works') return;
      refusals += 1;
      throw new DependencyAwayError('the broker is away');
    };
    const first = await raise(node, id);
    const [letter] = await lettersOf(node, 1);
    mode = 'away';
    await node.deadLetters.retry(letter!.id);
    await eventually(() => expect(refusals).toBeGreaterThan(6));
    expect(await node.deadLetters.fate(letter!.id)).toMatchObject({ state: 'retrying' });
    mode = 'works';
    await settled(node, { parked: 0 }, SENDER);
    expect(positionsOf(id)).toEqual([first]);
  });
});

it.each([0, 501, 1.5])('refuses a concurrency of %s', (concurrency) => {
  @SideEffect({ name: SENDER, concurrency })
  @EventsHandler(CounterRaised)
  class WrongSender extends CounterSender {}

  return expect(
    CounterNodes.prepare('sqlite', { providers: [WrongSender] }).then(async (nodes) => {
      try {
        await nodes.start();
      } finally {
        await nodes.drop();
      }
    }),
  ).rejects.toThrow(`The concurrency of the side effect "${SENDER}" is ${concurrency}.`);
});
