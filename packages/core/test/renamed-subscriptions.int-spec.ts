import { LogVerifier, Retry, SagaName, SetupError, SideEffect } from '../src/index.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { ALARM, alarm, CounterAlarm } from './counters/counter-alarm.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, lettersOf, lowered, open, raise, settled, undisturbed } from './counters/counter-nodes.js';
import {
  LEVELLING,
  LEVELLING_PROVIDERS,
  LevellingSaga,
  LowerCounterHandler,
  lowering,
  lowerIt,
  reaction,
} from './counters/counter-saga.js';

const SIREN = 'counters.siren';
const BALANCING = 'counters.balancing';
const LEASE = { leaseTtl: 6_000 };
const PATIENCE = { attempts: 1, backoff: { first: 20, longest: 80 } };

/** The alarm and the levelling saga, under other names. */
@Retry(PATIENCE)
@SideEffect({ name: SIREN, formerly: ['counters.bell', ALARM] })
class Siren extends CounterAlarm {}

@Retry(PATIENCE)
@SagaName(BALANCING, { formerly: [LEVELLING] })
class BalancingSaga extends LevellingSaga {}

const OLD = { providers: [CounterAlarm, ...LEVELLING_PROVIDERS] };
const NEW = { providers: [Siren, BalancingSaga, LowerCounterHandler] };

describe.each(DATABASE_KINDS)('subscriptions with a new name on %s', (kind) => {
  let nodes: CounterNodes;
  let id: string;

  const heard = (): number[] => alarm.calls.map(({ position }) => position);
  const isSound = async (node: CounterNode): Promise<void> =>
    expect((await node.get(LogVerifier).verify()).found).toBe(0);

  beforeEach(async () => {
    nodes = await CounterNodes.prepare(kind);
    reaction.to = lowerIt;
  });

  afterEach(() => nodes.drop());

  it("continue at the old one's checkpoint, with its parked events and commands", async () => {
    const old = await nodes.start(LEASE, OLD);
    id = await open(old);
    alarm.before = ({ counterId }) => {
      if (counterId === id) throw new Error('no answer');
    };
    const other = await open(old);
    const handled = await raise(old, other, 9);
    await eventually(async () => expect(await lowered(old, other)).toEqual([9]));
    lowering.before = () => {
      throw new Error('out of order');
    };
    await raise(old, id, 2);
    const letters = await lettersOf(old, 2);
    expect(letters.map((each) => each.kind).toSorted()).toEqual(['command', 'event']);
    await settled(old, {}, ALARM);
    await settled(old);
    await nodes.stop(old);
    const calls = heard();
    expect(calls).toContain(handled);
    const between = await nodes.start({}, { providers: [LowerCounterHandler] });
    const missed = await raise(between, await open(between), 1);
    await nodes.stop(between);
    undisturbed();
    reaction.to = lowerIt;

    const node = await nodes.start(LEASE, NEW);
    await eventually(() => expect(heard()).toContain(missed));
    await settled(node, {}, BALANCING);
    expect(await node.subscriptions.listGone()).toEqual([]);
    for (const { id: letter } of letters) await node.deadLetters.retry(letter);
    await eventually(async () => expect(await lowered(node, id)).toEqual([2]));
    await eventually(async () => expect(await nodes.sql('select * from leftfold_parked_events')).toEqual([]));
    await eventually(async () => expect(await nodes.left()).toBe(0));
    await settled(node, { parked: 0 }, SIREN);
    expect(new Set([...calls, ...heard()]).size).toBe(calls.length + heard().length);
    await isSound(node);
  });

  it('wait while a process has the old name, and leave no work to one that starts later', async () => {
    const old = await nodes.start(LEASE, OLD);
    id = await open(old);
    const node = await nodes.start(LEASE, NEW);
    await raise(node, id, 1);
    await settled(old, { state: 'live' }, ALARM);
    expect((await node.status(SIREN)).owner).toBeNull();

    await nodes.stop(old);
    await raise(node, id, 2);
    await settled(node, { state: 'live' }, SIREN);
    await settled(node, { state: 'live' }, BALANCING);

    const again = await nodes.start(LEASE, OLD);
    await raise(again, id, 3);
    await settled(node, {}, SIREN);
    await eventually(async () => expect(await lowered(node, id)).toEqual([1, 2, 3]));
    await settled(node, {}, SIREN);
    expect(heard()).toEqual([...new Set(heard())]);
    expect(await again.status(ALARM)).toMatchObject({
      state: 'paused',
      lastError: `It was renamed to "${SIREN}", which has taken over.`,
    });
    await isSound(node);
  });

  it('can be renamed back', async () => {
    const old = await nodes.start(LEASE, OLD);
    id = await open(old);
    await raise(old, id, 1);
    await settled(old, {}, ALARM);
    await nodes.stop(old);
    await nodes.stop(await nodes.start(LEASE, NEW));

    @SideEffect({ name: ALARM, formerly: [SIREN] })
    class BackAgain extends CounterAlarm {}
    const node = await nodes.start(LEASE, { providers: [BackAgain] });
    await raise(node, id, 2);
    await settled(node, { state: 'live' }, ALARM);
    await eventually(() => expect(heard().length).toBeGreaterThan(1));
    expect(heard()).toEqual([...new Set(heard())]);
  });

  it('are refused when the old name belongs to another subscription', async () => {
    @SideEffect({ name: 'counters.horn', formerly: [ALARM] })
    class Horn extends CounterAlarm {}
    for (const [providers, message] of [
      [[Horn, CounterAlarm], /"counters.horn" was formerly "counters.alarm", which this program has/],
      [[Horn, Siren], /Both ".+" and ".+" were formerly "counters.alarm"/],
    ] as const) {
      const starting = nodes.start({}, { providers: [...providers] });
      await expect(starting).rejects.toThrow(SetupError);
      await expect(starting).rejects.toThrow(message);
    }
  });
});
