import { v7 as uuidv7 } from 'uuid';
import { AggregateExistsError, MessageContext } from '../../src/index.js';
import { HeldTurn } from '../../src/decisions/held-turn.js';
import { Counter, CounterFullError, RaiseCounterCommand } from '../counters/counter.js';
import { type CounterNode } from '../counters/counter-node.js';
import { elsewhere, raise, TwoNodes } from './do-command.js';

describe('what a command decides', () => {
  let nodes: TwoNodes;

  beforeAll(async () => {
    nodes = await TwoNodes.start();
  });

  afterEach(() => jest.restoreAllMocks());

  afterAll(() => nodes?.stop());

  it('is stored when the handler did not wait for it', async () => {
    const id = await nodes.open();

    await nodes.run(async (counters) => void raise(counters, id));

    expect(await nodes.valueOf(id)).toBe(1);
  });

  it('may be decided after a decision that was refused', async () => {
    const [full, empty] = [await nodes.open(), await nodes.open()];
    await raise(nodes.other.aggregates, full, 10);

    await nodes.run(async (counters) => {
      await expect(raise(counters, full)).rejects.toThrow(CounterFullError);
      await raise(counters, empty);
    });

    expect(await nodes.valueOf(empty)).toBe(1);
  });

  it('is decided by another run of the handler when it is outdated', async () => {
    const id = await nodes.open();
    const seen: number[] = [];

    const answer = await nodes.run(async (counters) => {
      let before = 0;
      await counters.update(Counter, id, (counter) => {
        before = counter.value;
        counter.raise(1);
      });
      seen.push(before);
      if (seen.length === 1) await elsewhere(() => raise(nodes.other.aggregates, id, 5));
      return before;
    });

    expect(seen).toEqual([0, 5]);
    expect(answer).toBe(5);
    expect(await nodes.valueOf(id)).toBe(6);
  });

  it('lets the handler answer for an aggregate that is there already', async () => {
    const id = await nodes.open();

    const answer = await nodes.run(async (counters) => {
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
    expect(await nodes.valueOf(id)).toBe(1);
  });

  it('is found by a nested command, and by the handler when it loads the aggregate', async () => {
    const id = uuidv7();

    const value = await nodes.run(async (counters) => {
      await counters.create(Counter, Counter.open(id, id));
      const opened = await counters.load(Counter, id);
      await nodes.node.commands.execute(new RaiseCounterCommand(id, 3));
      return opened.version;
    });

    expect(value).toBe(1);
    expect(await nodes.valueOf(id)).toBe(3);
  });

  it('does not execute a nested command twice: after one, the decision is stored at once', async () => {
    const [nested, id] = [await nodes.open(), await nodes.open()];
    const seen: number[] = [];

    await nodes.run(async (counters) => {
      await nodes.node.commands.execute(new RaiseCounterCommand(nested, 1));
      await counters.update(Counter, id, async (counter) => {
        seen.push(counter.value);
        if (seen.length === 1) await elsewhere(() => raise(nodes.other.aggregates, id, 5));
        counter.raise(1);
      });
      expect(await nodes.valueOf(id)).toBe(6);
    });

    expect(seen).toEqual([0, 5]);
    expect(await nodes.valueOf(nested)).toBe(1);
  });

  it('does not hold up others about the same thing for long when its handler hangs', async () => {
    const id = await nodes.open();
    const { promise: hanging, resolve: goOn } = Promise.withResolvers<void>();
    let runs = 0;

    const slow = nodes.run(async (counters) => {
      await raise(counters, id);
      runs += 1;
      await hanging;
    });
    await nodes.run((counters) => raise(counters, id, 5));
    goOn();
    await slow;

    expect(runs).toBe(2);
    expect(await nodes.valueOf(id)).toBe(6);
  });

  it('queues up with others about the same thing until it is stored', async () => {
    const id = await nodes.open();
    // A machine that stands still for longer than a turn lasts would let the next one go on.
    jest.spyOn(HeldTurn.prototype, 'limit').mockReturnValue();
    let runs = 0;

    await Promise.all(
      Array.from({ length: 10 }, () =>
        nodes.run(async (counters) => {
          await raise(counters, id);
          runs += 1;
          await new Promise(setImmediate);
        }),
      ),
    );

    expect(runs).toBe(10);
    expect(await nodes.valueOf(id)).toBe(10);
  });

  it('is stored before the work that waits for it, which is left out when the command fails', async () => {
    const id = await nodes.open();
    const context = nodes.node.get(MessageContext);
    const seen: number[] = [];
    const work = async () => void seen.push(await nodes.valueOf(id));

    await nodes.run(async (counters) => {
      await context.afterStored(work);
      await raise(counters, id);
      expect(seen).toEqual([]);
    });
    const failing = nodes.run(async (counters) => {
      await context.afterStored(work);
      await counters.update(Counter, id, (counter) => counter.raise(100, 10));
    });
    await expect(failing).rejects.toThrow(CounterFullError);
    await context.afterStored(work);

    expect(seen).toEqual([1, 1]);
  });

  it('has the answer of the same command that was executed elsewhere at once', async () => {
    const id = await nodes.open();
    const commandId = uuidv7();
    const command = (on: CounterNode) =>
      on.from({ commandId }, () => on.commands.execute(new RaiseCounterCommand(id, 2)));

    const both = await Promise.all([command(nodes.node), command(nodes.other)]);

    expect(new Set(both.map(({ outcome }) => outcome!.repeated))).toEqual(new Set([false, true]));
    expect(await nodes.valueOf(id)).toBe(2);
  });
});
