import { v5 as uuidv5, v7 as uuidv7 } from 'uuid';
import {
  AggregateExistsError,
  InvalidReadError,
  type RecordedEvent,
  VersionConflictError,
  VersionNotFoundError,
} from '../src/index.js';
import { DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import {
  Counter,
  CounterFullError,
  CounterNotFoundError,
  NameTakenError,
  OpenCounterCommand,
  RaiseAllCommand,
  RaiseCounterCommand,
} from './counters/counter.js';
import { CounterNode } from './counters/counter-node.js';
import { createKernelDatabase } from './counters/kernel-database.js';

describe.each(DATABASE_KINDS)('aggregates on %s', (kind) => {
  let database: TestDatabase;
  let node: CounterNode;
  let other: CounterNode;

  beforeAll(async () => {
    database = await createKernelDatabase(kind);
    node = await CounterNode.start(database);
    other = await CounterNode.start(database);
  });

  afterAll(async () => {
    await node.stop();
    await other.stop();
    await database.drop();
  });

  const open = async (name = uuidv7()): Promise<string> => {
    const counterId = uuidv7();
    await node.commands.execute(new OpenCounterCommand(counterId, name));
    return counterId;
  };
  const eventsOf = async (counterId: string): Promise<RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for await (const event of node.log.readStream(`counter-${counterId}`)) events.push(event);
    return events;
  };

  it("stores an aggregate's events with actor and cause", async () => {
    const counterId = uuidv7();
    const commandId = uuidv7();
    const custom = { tenant: 'acme' };
    const { result, outcome } = await node.from({ actor: 'ann', correlationId: 'request-1', commandId, custom }, () =>
      node.commands.execute(new OpenCounterCommand(counterId, 'first')),
    );
    expect(result).toEqual({ counterId });
    const [event] = await eventsOf(counterId);
    expect(event!.data).toEqual({ counterId, name: 'first' });
    expect(event!.metadata).toMatchObject({ actor: 'ann', correlationId: 'request-1', commandId, custom });
    expect(outcome).toEqual({ position: event!.position, version: 1, repeated: false });
  });

  it('loads an aggregate as it is, at a version, and at a moment', async () => {
    const id = await open();
    await node.commands.execute(new RaiseCounterCommand(id, 2));
    await node.commands.execute(new RaiseCounterCommand(id, 3));
    expect(await node.aggregates.load(Counter, id)).toMatchObject({ value: 5, version: 3 });
    expect(await node.aggregates.load(Counter, id, { version: 2 })).toMatchObject({ value: 2, version: 2 });
    const [opened] = await eventsOf(id);
    const before = new Date(opened!.recordedAt.getTime() - 1);
    expect(await node.aggregates.load(Counter, id, { at: new Date() })).toMatchObject({ value: 5 });
    await expect(node.aggregates.load(Counter, id, { at: before })).rejects.toThrow(VersionNotFoundError);
    await expect(node.aggregates.load(Counter, id, { version: 4 })).rejects.toThrow(VersionNotFoundError);
    await expect(node.aggregates.load(Counter, id, { version: 0 })).rejects.toThrow(VersionNotFoundError);
  });

  it.each([1.5, Number.NaN])('refuses the version %d before it looks for a snapshot', async (version) => {
    const id = await open();
    const refusal = node.aggregates.load(Counter, id, { version });
    await expect(refusal).rejects.toThrow(InvalidReadError);
    await expect(refusal).rejects.toThrow(`version is ${version}. Give a whole number from 1.`);
  });

  it('throws when the aggregate does not exist', async () => {
    await expect(node.aggregates.load(Counter, uuidv7())).rejects.toThrow(CounterNotFoundError);
    await expect(node.aggregates.load(Counter, uuidv7(), { version: 1 })).rejects.toThrow(CounterNotFoundError);
    for (const id of ['', 'a\0', 'x'.repeat(300)]) {
      await expect(node.aggregates.load(Counter, id)).rejects.toThrow(CounterNotFoundError);
    }
    await expect(node.commands.execute(new RaiseCounterCommand(uuidv7(), 1))).rejects.toThrow(CounterNotFoundError);
  });

  it('creates an id once', async () => {
    const id = await open();
    await expect(node.commands.execute(new OpenCounterCommand(id, uuidv7()))).rejects.toThrow(AggregateExistsError);
    expect(await eventsOf(id)).toHaveLength(1);
  });

  it('loses no update when two nodes change one aggregate at once', async () => {
    const id = await open();
    const raises = Array.from({ length: 60 }, (_, index) =>
      (index % 2 ? node : other).commands.execute(new RaiseCounterCommand(id, 1)),
    );
    await Promise.all(raises);
    expect(await node.aggregates.load(Counter, id)).toMatchObject({ value: 60, version: 61 });
  });

  it('enforces a rule when two nodes decide at once', async () => {
    const id = await open();
    const raises = Array.from({ length: 30 }, (_, index) =>
      (index % 2 ? node : other).commands.execute(new RaiseCounterCommand(id, 1, 10)),
    );
    const settled = await Promise.allSettled(raises);
    const refused = settled.filter((each) => each.status === 'rejected').map((each) => each.reason as unknown);
    expect(refused).toHaveLength(20);
    expect(refused.every((reason) => reason instanceof CounterFullError)).toBe(true);
    expect(await node.aggregates.load(Counter, id)).toMatchObject({ value: 10 });
  });

  it('decides again when the stream changed while the decision read more', async () => {
    const id = await open();
    const seen: number[] = [];
    await node.aggregates.update(Counter, id, async (counter) => {
      seen.push(counter.version);
      if (seen.length === 1) await other.commands.execute(new RaiseCounterCommand(id, 5));
      counter.raise(1);
    });
    expect(seen).toEqual([1, 2]);
    expect(await node.aggregates.load(Counter, id)).toMatchObject({ value: 6, version: 3 });
  });

  it('decides on the stated version or not at all', async () => {
    const id = await open();
    const raise = (expectedVersion: number) =>
      node.from({ expectedVersion }, () => node.commands.execute(new RaiseCounterCommand(id, 1)));
    await expect(raise(2)).rejects.toMatchObject({ code: 'version-conflict', actual: 1 });
    expect((await raise(1)).outcome).toMatchObject({ version: 2 });
    const racers = await Promise.allSettled(Array.from({ length: 10 }, () => raise(2)));
    expect(racers.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
    await expect(raise(2)).rejects.toThrow(VersionConflictError);
  });

  it('lets exactly one of many commands claim a name over several streams, on two nodes', async () => {
    const name = uuidv7();
    const claims = Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? node : other).commands.execute(
        new OpenCounterCommand(uuidv7(), index % 3 ? name : ` ${name.toUpperCase()}`),
      ),
    );
    const settled = await Promise.allSettled(claims);
    expect(settled.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
    for (const each of settled) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(NameTakenError);
  });

  describe('a command with an id', () => {
    it('is stored once and returns the first result again', async () => {
      const id = await open();
      const commandId = uuidv7();
      const raise = (by: number) =>
        node.from({ commandId }, () => node.commands.execute(new RaiseCounterCommand(id, by)));
      const first = await raise(1);
      const second = await raise(7);
      expect(first).toMatchObject({ result: { raisedBy: 1 }, outcome: { version: 2, repeated: false } });
      expect(second).toEqual({ result: { raisedBy: 1 }, outcome: { ...first.outcome, repeated: true } });
      expect(await node.aggregates.load(Counter, id)).toMatchObject({ value: 1 });
    });

    it('is stored once when both are in flight, on two nodes', async () => {
      const id = await open();
      const commandId = uuidv7();
      const both = await Promise.all(
        [node, other].map((each) =>
          each.from({ commandId }, () => each.commands.execute(new RaiseCounterCommand(id, 1))),
        ),
      );
      expect(both.map((each) => each.result)).toEqual([{ raisedBy: 1 }, { raisedBy: 1 }]);
      expect(both.filter((each) => each.outcome!.repeated)).toHaveLength(1);
      expect(await node.aggregates.load(Counter, id)).toMatchObject({ value: 1 });
    });

    it('returns the first result when a second decision would be refused', async () => {
      const id = await open();
      const commandId = uuidv7();
      const fill = () => node.from({ commandId }, () => node.commands.execute(new RaiseCounterCommand(id, 5, 5)));
      await fill();
      expect((await fill()).result).toEqual({ raisedBy: 5 });
    });

    it('creates once and returns the id of the first attempt', async () => {
      const commandId = uuidv7();
      const name = uuidv7();
      const create = () =>
        node.from({ commandId }, () => node.commands.execute(new OpenCounterCommand(uuidv7(), name)));
      const first = await create();
      const second = await create();
      expect(second.result).toEqual(first.result);
      expect(second.outcome).toEqual({ ...first.outcome, repeated: true });
    });

    it('is stored even if it changed nothing', async () => {
      const id = await open();
      const commandId = uuidv7();
      const raise = (by: number) =>
        node.from({ commandId }, () => node.commands.execute(new RaiseCounterCommand(id, by)));
      const first = await raise(0);
      expect(first.outcome).toMatchObject({ version: 1, position: (await eventsOf(id))[0]!.position });
      expect((await raise(3)).result).toEqual({ raisedBy: 0 });
      expect(await eventsOf(id)).toHaveLength(1);
    });

    it('gives nested commands ids of their own, the same at every repeat', async () => {
      const ids = [await open(), await open()];
      const commandId = uuidv7();
      const raiseAll = () => node.from({ commandId }, () => node.commands.execute(new RaiseAllCommand(ids)));
      await raiseAll();
      await raiseAll();
      for (const [index, id] of ids.entries()) {
        const [, raised, ...more] = await eventsOf(id);
        expect(raised!.metadata.commandId).toBe(uuidv5(String(index + 1), commandId));
        expect(more).toEqual([]);
      }
    });
  });

  it('returns the position of the last event for a command that changed nothing', async () => {
    const id = await open();
    const { outcome } = await node.from({}, () => node.commands.execute(new RaiseCounterCommand(id, 0)));
    const [opened] = await eventsOf(id);
    expect(outcome).toEqual({ position: opened!.position, version: 1, repeated: false });
  });
});
