import { Retry, SideEffect } from '../src/index.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { ALARM, alarm, CounterAlarm, CounterGreeter } from './counters/counter-alarm.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, gate, lettersOf, open, pause, raise, settled } from './counters/counter-nodes.js';

/** On SQLite a process sees requests of other processes within a quarter of the lease. */
const LEASE = { leaseTtl: 6_000 };

/** The alarm, with more attempts allowed earlier, and with fewer now. */
@Retry({ attempts: 1_000, backoff: { first: 20, longest: 80 } })
@SideEffect({ name: ALARM, startAt: 'beginning' })
class PatientAlarm extends CounterAlarm {}

@Retry({ attempts: 1 })
@SideEffect({ name: ALARM, startAt: 'beginning' })
class HastyAlarm extends CounterAlarm {}

describe.each(DATABASE_KINDS)('side effects on %s', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;
  /** A counter that was opened before the greeter existed. */
  let before: string;

  const callsFor = (id: string): number[] =>
    alarm.calls.filter(({ counterId }) => counterId === id).map(({ position }) => position);
  /** Waits until every event is handled or dead. */
  const done = (expected: object = {}) => settled(node, expected, ALARM);
  const handled = async (): Promise<number> => (await node.status(ALARM)).handled;

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: [CounterAlarm] });
    node = await nodes.start(LEASE);
    before = await open(node);
  });

  afterEach(() => nodes.calm(node));

  afterAll(() => nodes.drop());

  it('act on each event once, in the order of the log, when nothing goes wrong', async () => {
    const ids = [await open(node), await open(node), await open(node)];
    const positions = await Promise.all(Array.from({ length: 60 }, (_, n) => raise(node, ids[n % 3]!)));
    await done({ handled: 60, parked: 0, discarded: 0, lastError: null, kind: 'side-effect' });
    expect(alarm.calls.map(({ position }) => position)).toEqual(positions.toSorted((a, b) => a - b));
    expect(new Set(alarm.calls.map(({ eventId }) => eventId)).size).toBe(60);
  });

  it('continue at their checkpoint after a restart', async () => {
    const id = await open(node);
    await raise(node, id);
    await done();
    await nodes.stop(node);
    node = await nodes.start(LEASE);
    await raise(node, id);
    await done();
    expect(callsFor(id)).toHaveLength(2);
  });

  it('begin with the next event when they are new and the log is not', async () => {
    const greeting = await nodes.start({}, { providers: [CounterGreeter] });
    const after = await open(greeting);
    await eventually(() => expect(callsFor(after)).toHaveLength(1));
    expect(callsFor(before)).toEqual([]);
    await eventually(async () =>
      expect(await greeting.status('counters.greeter')).toMatchObject({ handled: 1, state: 'live' }),
    );
  });

  it('park a failing event with the later ones of its stream, while other streams continue', async () => {
    const [sick, well] = [await open(node), await open(node)];
    let broken = true;
    alarm.before = ({ counterId }) => {
      if (counterId === sick && broken) throw new Error('no answer');
    };
    const so = await handled();
    const first = await raise(node, sick);
    const second = await raise(node, sick);
    const fine = [await raise(node, well), await raise(node, well)];
    await eventually(() => expect(callsFor(well)).toEqual(fine));
    expect(callsFor(sick)).toEqual([]);
    await done({ handled: so + 2, parked: 2, lastError: expect.stringContaining('no answer') as string });

    const [letter] = await lettersOf(node, 1);
    expect(letter).toMatchObject({
      subscription: ALARM,
      position: first,
      stream: `counter-${sick}`,
      version: 2,
      type: 'counters.counter-raised',
      attempts: 3,
      error: 'no answer',
      waiting: 1,
    });
    expect(letter!.stack).toContain('side-effects.int-spec');
    expect(letter!.lastFailedAt.getTime()).toBeGreaterThan(letter!.firstFailedAt.getTime());

    const third = await raise(node, sick);
    await done({ handled: so + 2, parked: 3 });
    broken = false;
    await node.deadLetters.retry(letter!.id);
    await eventually(() => expect(callsFor(sick)).toEqual([first, second, third]));
    await done({ handled: so + 5, parked: 0, lastError: null });
    await lettersOf(node, 0);
    const fourth = await raise(node, sick);
    await eventually(() => expect(callsFor(sick)).toEqual([first, second, third, fourth]));
  });

  it('retry a failing event by themselves and keep the order of its stream', async () => {
    const id = await open(node);
    const tries = new Map<number, number>();
    alarm.before = ({ position }) => {
      const count = (tries.get(position) ?? 0) + 1;
      tries.set(position, count);
      if (count < 3) throw new Error('not yet');
    };
    const positions = [await raise(node, id), await raise(node, id), await raise(node, id)];
    await done({ parked: 0 });
    expect(callsFor(id)).toEqual(positions);
    expect([...tries.values()]).toEqual([3, 3, 3]);
  });

  it('discard a dead letter for good, and continue with the events behind it', async () => {
    const id = await open(node);
    const { handled: so, discarded } = await node.status(ALARM);
    let dead = 0;
    alarm.before = ({ position }) => {
      dead ||= position;
      if (position === dead) throw new Error('never');
    };
    const [first, next] = [await raise(node, id), await raise(node, id)];
    const [letter] = await lettersOf(node, 1);
    expect(letter!.position).toBe(first);
    await node.deadLetters.discard(letter!.id);
    await eventually(() => expect(callsFor(id)).toEqual([next]));
    await done({ handled: so + 1, parked: 0, discarded: discarded + 1 });
    await expect(node.deadLetters.discard(letter!.id)).rejects.toMatchObject({ code: 'dead-letter-not-found' });
    await expect(node.deadLetters.retry(letter!.id)).rejects.toMatchObject({ code: 'dead-letter-not-found' });
  });

  it('fail again, with all attempts, after a retry that does not help', async () => {
    const id = await open(node);
    let attempts = 0;
    alarm.before = () => {
      attempts += 1;
      throw new Error('still broken');
    };
    await raise(node, id);
    await eventually(async () => expect(await node.deadLetters.list(undefined, 10)).toHaveLength(1));
    expect(attempts).toBe(3);
    const [letter] = await node.deadLetters.list(undefined, 10);
    await node.deadLetters.retry(letter!.id);
    await eventually(async () =>
      expect(await node.deadLetters.list(undefined, 10)).toMatchObject([{ id: letter!.id, attempts: 6 }]),
    );
    expect(attempts).toBe(6);
  });

  it('make an event a dead letter if it had more attempts than are allowed now', async () => {
    const id = await open(node);
    alarm.before = () => {
      throw new Error('no answer');
    };
    await nodes.stop(node);
    const patient = await nodes.start(LEASE, { providers: [PatientAlarm] });
    await raise(patient, id);
    await eventually(async () =>
      expect(Number((await nodes.sql('select tries from leftfold_parked_events'))[0]?.tries)).toBeGreaterThan(1),
    );
    await nodes.stop(patient);
    const [{ tries } = {}] = await nodes.sql('select tries from leftfold_parked_events');
    await nodes.sql('update leftfold_parked_events set due_at = 0');

    node = await nodes.start(LEASE, { providers: [HastyAlarm] });

    const [letter] = await lettersOf(node, 1);
    expect(letter).toMatchObject({
      attempts: Number(tries),
      error: `This event was tried ${Number(tries)} times, and may be tried once in all. The last failure that is known: no answer`,
      stack: expect.stringContaining('side-effects.int-spec') as string,
    });
    await nodes.stop(node);
    node = await nodes.start(LEASE);
  });

  it('are taken over with their parked events', async () => {
    const [sick, well] = [await open(node), await open(node)];
    alarm.before = ({ counterId }) => {
      if (counterId === sick) throw new Error('no answer');
    };
    const so = await handled();
    const positions = [await raise(node, sick), await raise(node, sick)];
    await done({ parked: 2 });
    await lettersOf(node, 1);
    await nodes.stop(node);
    alarm.before = () => undefined;

    node = await nodes.start(LEASE);
    await raise(node, well);
    positions.push(await raise(node, sick));
    await done({ handled: so + 1, parked: 3 });
    const [letter] = await lettersOf(node, 1);
    await node.deadLetters.retry(letter!.id);
    await eventually(() => expect(callsFor(sick)).toEqual(positions));
  });

  it('receive requests of another process at once', async () => {
    const id = await open(node);
    alarm.before = () => {
      throw new Error('no answer');
    };
    await raise(node, id);
    await lettersOf(node, 1);
    alarm.before = () => undefined;
    const other = await nodes.start({ ...LEASE, runSubscriptions: false });
    const [letter] = await lettersOf(other, 1);
    await other.deadLetters.retry(letter!.id);
    await eventually(() => expect(callsFor(id)).toHaveLength(1));
    await pause(other, ALARM);
    await raise(other, id);
    expect(callsFor(id)).toHaveLength(1);
    await other.subscriptions.resume(ALARM);
    await eventually(() => expect(callsFor(id)).toHaveLength(2));
  });

  it('do not hold back a read model, however slow they are', async () => {
    const id = await open(node);
    const so = await handled();
    const held = gate();
    alarm.before = () => held.opened;
    await raise(node, id);
    const head = await raise(node, id);
    await eventually(async () => expect(await node.status()).toMatchObject({ position: head }));
    expect(await node.status(ALARM)).toMatchObject({ handled: so, state: 'catching-up' });
    held.open();
    await done({ handled: so + 2 });
  });
});

describe.each(DATABASE_KINDS)('side effects with a log of their own on %s', (kind) => {
  let nodes: CounterNodes;

  beforeEach(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: [CounterAlarm, CounterGreeter] });
  });

  afterEach(() => nodes.drop());

  it('begin with its first event', async () => {
    const id = await open(await nodes.start({ runSubscriptions: false }));
    await nodes.start();
    await eventually(() => expect(alarm.calls).toMatchObject([{ counterId: id }]));
  });

  it('write nothing of an attempt whose process has lost its lease', async () => {
    const node = await nodes.start({ leaseTtl: 600 });
    const id = await open(node);
    const errors: (string | null)[] = [];
    alarm.before = async () => {
      const [row] = await nodes.sql('select error from leftfold_parked_events');
      errors.push(row ? (row.error as string) : null);
      // Simulates another process that takes over while this one is frozen.
      if (errors.length === 2) await nodes.sql('update leftfold_subscriptions set epoch = epoch + 1');
      if (errors.length <= 2) throw new Error(`failure ${errors.length}`);
    };
    await raise(node, id);
    await settled(node, { handled: 1, parked: 0 }, ALARM);
    expect(errors).toEqual([null, 'failure 1', 'failure 1']);
  });
});
