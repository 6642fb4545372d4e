import { v7 as uuidv7 } from 'uuid';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { ALARM, alarm, CounterAlarm, CounterGreeter } from './counters/counter-alarm.js';
import { CounterNode } from './counters/counter-node.js';
import { OpenCounterCommand, RaiseCounterCommand } from './counters/counter.js';
import { interference } from './counters/counter-view.js';

describe.each(DATABASE_KINDS)('side effects on %s', (kind) => {
  let database: TestDatabase;
  const nodes: CounterNode[] = [];

  const start = async (options: Parameters<typeof CounterNode.start>[1] = {}): Promise<CounterNode> => {
    const node = await CounterNode.start(database, { leaseTtl: 2_000, ...options }, { providers: [CounterAlarm] });
    nodes.push(node);
    return node;
  };
  const stop = async (node: CounterNode): Promise<void> => {
    nodes.splice(nodes.indexOf(node), 1);
    await node.stop();
  };
  const open = async (node: CounterNode): Promise<string> => {
    const counterId = uuidv7();
    await node.commands.execute(new OpenCounterCommand(counterId, counterId));
    return counterId;
  };
  /** Answers where the event stands. */
  const raise = async (node: CounterNode, counterId: string): Promise<number> =>
    (await node.from({}, () => node.commands.execute(new RaiseCounterCommand(counterId, 1)))).outcome!.position;
  const callsFor = (id: string): number[] =>
    alarm.calls.filter(({ counterId }) => counterId === id).map(({ position }) => position);
  /** Once everything is handled or dead. */
  const settled = async (node: CounterNode, expected: object): Promise<void> => {
    const position = await node.log.head();
    await eventually(async () => expect(await node.status(ALARM)).toMatchObject({ position, ...expected }));
  };

  beforeEach(async () => {
    alarm.calls = [];
    alarm.before = () => undefined;
    interference.run = () => undefined;
    database = await createTestDatabase(kind, { separateViews: kind === 'postgres' });
  });

  afterEach(async () => {
    for (const node of nodes.splice(0)) await node.stop();
    await database.drop();
  });

  it('act on each event once, in the order of the log, when nothing goes wrong', async () => {
    const node = await start();
    const ids = [await open(node), await open(node), await open(node)];
    const positions = await Promise.all(Array.from({ length: 60 }, (_, n) => raise(node, ids[n % 3]!)));
    await settled(node, { handled: 60, parked: 0, discarded: 0, lastError: null, kind: 'side-effect' });
    expect(alarm.calls.map(({ position }) => position)).toEqual(positions.toSorted((a, b) => a - b));
    expect(new Set(alarm.calls.map(({ eventId }) => eventId)).size).toBe(60);
  });

  it('go on after a restart where they ended', async () => {
    const first = await start();
    const id = await open(first);
    await raise(first, id);
    await settled(first, { handled: 1 });
    await stop(first);
    const second = await start();
    await raise(second, id);
    await settled(second, { handled: 2 });
    expect(callsFor(id)).toHaveLength(2);
  });

  it('begin with the next event when they are new and the log is not', async () => {
    const node = await CounterNode.start(database);
    const before = await open(node);
    await node.stop();
    const later = await CounterNode.start(database, {}, { providers: [CounterGreeter] });
    nodes.push(later);
    const after = await open(later);
    await eventually(() => expect(callsFor(after)).toHaveLength(1));
    expect(callsFor(before)).toEqual([]);
    await eventually(async () =>
      expect(await later.status('counters.greeter')).toMatchObject({ handled: 1, state: 'live' }),
    );
  });

  it('begin with the first event of a new log', async () => {
    const node = await CounterNode.start(database, { runSubscriptions: false }, { providers: [CounterGreeter] });
    nodes.push(node);
    const id = await open(node);
    const worker = await CounterNode.start(database, {}, { providers: [CounterGreeter] });
    nodes.push(worker);
    await eventually(() => expect(callsFor(id)).toHaveLength(1));
  });

  it('set a failing event aside with the later ones of its stream, while others flow on', async () => {
    const node = await start();
    const [sick, well] = [await open(node), await open(node)];
    let broken = true;
    alarm.before = ({ counterId }) => {
      if (counterId === sick && broken) throw new Error('no answer');
    };
    const first = await raise(node, sick);
    const second = await raise(node, sick);
    const fine = [await raise(node, well), await raise(node, well)];
    await eventually(() => expect(callsFor(well)).toEqual(fine));
    expect(callsFor(sick)).toEqual([]);
    await settled(node, { handled: 2, parked: 2, lastError: expect.stringContaining('no answer') as string });

    await eventually(async () => expect(await node.deadLetters.list(undefined, 10)).toHaveLength(1));
    const [letter] = await node.deadLetters.list(undefined, 10);
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
    await settled(node, { handled: 2, parked: 3 });
    broken = false;
    await node.deadLetters.retry(letter!.id);
    await eventually(() => expect(callsFor(sick)).toEqual([first, second, third]));
    await settled(node, { handled: 5, parked: 0, lastError: null });
    expect(await node.deadLetters.list(undefined, 10)).toEqual([]);
    const fourth = await raise(node, sick);
    await eventually(() => expect(callsFor(sick)).toEqual([first, second, third, fourth]));
  });

  it('try a failing event again by themselves, and keep the order of its stream', async () => {
    const node = await start();
    const id = await open(node);
    const tries = new Map<number, number>();
    alarm.before = ({ position }) => {
      const count = (tries.get(position) ?? 0) + 1;
      tries.set(position, count);
      if (count < 3) throw new Error('not yet');
    };
    const positions = [await raise(node, id), await raise(node, id), await raise(node, id)];
    await settled(node, { handled: 3, parked: 0 });
    expect(callsFor(id)).toEqual(positions);
    expect([...tries.values()]).toEqual([3, 3, 3]);
  });

  it('give up a dead letter for good, and let those behind it go on', async () => {
    const node = await start();
    const id = await open(node);
    const bad = await raise(node, id);
    await settled(node, { handled: 1 });
    alarm.calls = [];
    alarm.before = ({ position }) => {
      if (position === bad + 1) throw new Error('never');
    };
    const [dead, next] = [await raise(node, id), await raise(node, id)];
    expect(dead).toBe(bad + 1);
    await eventually(async () => expect(await node.deadLetters.list(undefined, 10)).toHaveLength(1));
    const [letter] = await node.deadLetters.list(undefined, 10);
    await node.deadLetters.discard(letter!.id);
    await eventually(() => expect(callsFor(id)).toEqual([next]));
    await settled(node, { handled: 2, parked: 0, discarded: 1 });
    await expect(node.deadLetters.discard(letter!.id)).rejects.toMatchObject({ code: 'dead-letter-not-found' });
    await expect(node.deadLetters.retry(letter!.id)).rejects.toMatchObject({ code: 'dead-letter-not-found' });
  });

  it('fail anew after a retry that does not help, with all attempts', async () => {
    const node = await start();
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

  it('write nothing of an attempt whose process has lost its lease meanwhile', async () => {
    const node = await start();
    const id = await open(node);
    const errors: (string | null)[] = [];
    alarm.before = async () => {
      const [row] = await runSql(database.url, 'select error from parked_events');
      errors.push(row ? (row.error as string) : null);
      // What another process does that takes over while this one sleeps.
      if (errors.length === 2) await runSql(database.url, `update subscriptions set epoch = epoch + 1`);
      if (errors.length <= 2) throw new Error(`failure ${errors.length}`);
    };
    await raise(node, id);
    await settled(node, { handled: 1, parked: 0 });
    expect(errors).toEqual([null, 'failure 1', 'failure 1']);
  });

  it('are taken over with what they have set aside', async () => {
    const first = await start();
    const [sick, well] = [await open(first), await open(first)];
    alarm.before = ({ counterId }) => {
      if (counterId === sick) throw new Error('no answer');
    };
    const positions = [await raise(first, sick), await raise(first, sick)];
    await settled(first, { parked: 2 });
    await eventually(async () => expect(await first.deadLetters.list(undefined, 10)).toHaveLength(1));
    await stop(first);
    alarm.before = () => undefined;

    const second = await start();
    await raise(second, well);
    positions.push(await raise(second, sick));
    await settled(second, { handled: 1, parked: 3 });
    const [letter] = await second.deadLetters.list(undefined, 10);
    await second.deadLetters.retry(letter!.id);
    await eventually(() => expect(callsFor(sick)).toEqual(positions));
  });

  it('hear at once of what another process asks for', async () => {
    const owner = await start({ leaseTtl: 6_000 });
    const id = await open(owner);
    alarm.before = () => {
      throw new Error('no answer');
    };
    await raise(owner, id);
    await eventually(async () => expect(await owner.deadLetters.list(undefined, 10)).toHaveLength(1));
    alarm.before = () => undefined;
    const other = await start({ runSubscriptions: false });
    const [letter] = await other.deadLetters.list(undefined, 10);
    await other.deadLetters.retry(letter!.id);
    await eventually(() => expect(callsFor(id)).toHaveLength(1), 4_000);
    await other.subscriptions.pause(ALARM);
    await eventually(
      async () => expect(await other.status(ALARM)).toMatchObject({ state: 'paused', owner: null }),
      4_000,
    );
    await raise(other, id);
    expect(callsFor(id)).toHaveLength(1);
    await other.subscriptions.resume(ALARM);
    await eventually(() => expect(callsFor(id)).toHaveLength(2), 4_000);
  });

  it('do not hold back a read model, however slow they are', async () => {
    const node = await start();
    const id = await open(node);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    alarm.before = () => gate;
    await raise(node, id);
    await raise(node, id);
    const head = await node.log.head();
    await eventually(async () => expect(await node.status()).toMatchObject({ position: head }));
    expect(await node.status(ALARM)).toMatchObject({ handled: 0, state: 'catching-up' });
    release();
    await settled(node, { handled: 2 });
  });
});
