import { v7 as uuidv7 } from 'uuid';
import { AggregateExistsError, AggregateRepository, MessageContext, SecondDecisionError } from '../../src/index.js';
import { Counter, CounterFullError, RaiseCounterCommand } from '../counters/counter.js';
import { CounterNode } from '../counters/counter-node.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { DoCommand, DoHandler, elsewhere } from './do-command.js';

describe('what a command decides', () => {
  let database: TestDatabase;
  let node: CounterNode;
  let other: CounterNode;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    node = await CounterNode.start(database, {}, { providers: [DoHandler] });
    other = await CounterNode.start(database);
  });

  afterAll(async () => {
    await node?.stop();
    await other?.stop();
    await database.drop();
  });

  const run = <T>(work: (counters: AggregateRepository) => Promise<T>): Promise<T> =>
    node.commands.execute(new DoCommand(work));
  const raise = (counters: AggregateRepository, id: string, by = 1) =>
    counters.update(Counter, id, (counter) => counter.raise(by, 10));
  const open = async (): Promise<string> => {
    const id = uuidv7();
    await other.aggregates.create(Counter, Counter.open(id, id));
    return id;
  };
  const valueOf = async (id: string): Promise<number> => (await other.aggregates.load(Counter, id)).value;

  describe('is stored whole or not at all', () => {
    it('when the handler decides twice', async () => {
      const [one, two] = [await open(), await open()];

      const attempt = run(async (counters) => {
        await raise(counters, one);
        await raise(counters, two);
      });

      await expect(attempt).rejects.toThrow(SecondDecisionError);
      expect([await valueOf(one), await valueOf(two)]).toEqual([0, 0]);
    });

    it('when the handler decides twice at once', async () => {
      const [one, two] = [await open(), await open()];

      const attempt = run((counters) => Promise.all([raise(counters, one), raise(counters, two)]));

      await expect(attempt).rejects.toThrow(SecondDecisionError);
      expect([await valueOf(one), await valueOf(two)]).toEqual([0, 0]);
    });

    it('when the handler catches the refusal of its second decision', async () => {
      const id = await open();

      const attempt = run(async (counters) => {
        await raise(counters, id);
        await raise(counters, id).catch(() => undefined);
      });

      await expect(attempt).rejects.toThrow(SecondDecisionError);
      expect(await valueOf(id)).toBe(0);
    });

    it('when the handler fails after its decision', async () => {
      const id = await open();

      const attempt = run(async (counters) => {
        await raise(counters, id);
        throw new Error('The printer is out of paper.');
      });

      await expect(attempt).rejects.toThrow('The printer is out of paper.');
      expect(await valueOf(id)).toBe(0);
    });

    it('when the handler fails before a decision that it did not wait for', async () => {
      const id = await open();
      let deciding: Promise<unknown> | undefined;

      const attempt = run(async (counters) => {
        deciding = raise(counters, id);
        throw new Error('The printer is out of paper.');
      });

      await expect(attempt).rejects.toThrow('The printer is out of paper.');
      await deciding;
      expect(await valueOf(id)).toBe(0);
    });
  });

  it('is stored when the handler did not wait for it', async () => {
    const id = await open();

    await run(async (counters) => void raise(counters, id));

    expect(await valueOf(id)).toBe(1);
  });

  it('may be decided after a decision that was refused', async () => {
    const [full, empty] = [await open(), await open()];
    await raise(other.aggregates, full, 10);

    await run(async (counters) => {
      await expect(raise(counters, full)).rejects.toThrow(CounterFullError);
      await raise(counters, empty);
    });

    expect(await valueOf(empty)).toBe(1);
  });

  it('is decided by another run of the handler when it is outdated', async () => {
    const id = await open();
    const seen: number[] = [];

    const answer = await run(async (counters) => {
      let before = 0;
      await counters.update(Counter, id, (counter) => {
        before = counter.value;
        counter.raise(1);
      });
      seen.push(before);
      if (seen.length === 1) await elsewhere(() => raise(other.aggregates, id, 5));
      return before;
    });

    expect(seen).toEqual([0, 5]);
    expect(answer).toBe(5);
    expect(await valueOf(id)).toBe(6);
  });

  it('lets the handler answer for an aggregate that is there already', async () => {
    const id = await open();

    const answer = await run(async (counters) => {
      try {
        await counters.create(Counter, Counter.open(id, id));
        return 'created';
      } catch (error) {
        expect(error).toBeInstanceOf(AggregateExistsError);
        await raise(counters, id);
        return 'raised';
      }
    });

    expect(answer).toBe('raised');
    expect(await valueOf(id)).toBe(1);
  });

  it('is found by a nested command, and by the handler when it loads the aggregate', async () => {
    const id = uuidv7();

    const value = await run(async (counters) => {
      await counters.create(Counter, Counter.open(id, id));
      const opened = await counters.load(Counter, id);
      await node.commands.execute(new RaiseCounterCommand(id, 3));
      return opened.version;
    });

    expect(value).toBe(1);
    expect(await valueOf(id)).toBe(3);
  });

  it('does not execute a nested command twice: after one, the decision is stored at once', async () => {
    const [nested, id] = [await open(), await open()];
    const seen: number[] = [];

    await run(async (counters) => {
      await node.commands.execute(new RaiseCounterCommand(nested, 1));
      await counters.update(Counter, id, async (counter) => {
        seen.push(counter.value);
        if (seen.length === 1) await elsewhere(() => raise(other.aggregates, id, 5));
        counter.raise(1);
      });
      expect(await valueOf(id)).toBe(6);
    });

    expect(seen).toEqual([0, 5]);
    expect(await valueOf(nested)).toBe(1);
  });

  it('does not hold up others about the same thing for long when its handler hangs', async () => {
    const id = await open();
    const { promise: hanging, resolve: goOn } = Promise.withResolvers<void>();
    let runs = 0;

    const slow = run(async (counters) => {
      await raise(counters, id);
      runs += 1;
      await hanging;
    });
    await run((counters) => raise(counters, id, 5));
    goOn();
    await slow;

    expect(runs).toBe(2);
    expect(await valueOf(id)).toBe(6);
  });

  it('queues up with others about the same thing until it is stored', async () => {
    const id = await open();
    let runs = 0;

    await Promise.all(
      Array.from({ length: 10 }, () =>
        run(async (counters) => {
          await raise(counters, id);
          runs += 1;
          await new Promise(setImmediate);
        }),
      ),
    );

    expect(runs).toBe(10);
    expect(await valueOf(id)).toBe(10);
  });

  it('is stored before the work that waits for it, which is left out when the command fails', async () => {
    const id = await open();
    const context = node.get(MessageContext);
    const seen: number[] = [];
    const work = async () => void seen.push(await valueOf(id));

    await run(async (counters) => {
      await context.afterStored(work);
      await raise(counters, id);
      expect(seen).toEqual([]);
    });
    const failing = run(async (counters) => {
      await context.afterStored(work);
      await counters.update(Counter, id, (counter) => counter.raise(100, 10));
    });
    await expect(failing).rejects.toThrow(CounterFullError);
    await context.afterStored(work);

    expect(seen).toEqual([1, 1]);
  });

  it('has the answer of the same command that was executed elsewhere at once', async () => {
    const id = await open();
    const commandId = uuidv7();
    const command = (on: CounterNode) =>
      on.from({ commandId }, () => on.commands.execute(new RaiseCounterCommand(id, 2)));

    const both = await Promise.all([command(node), command(other)]);

    expect(new Set(both.map(({ outcome }) => outcome!.repeated))).toEqual(new Set([false, true]));
    expect(await valueOf(id)).toBe(2);
  });
});
