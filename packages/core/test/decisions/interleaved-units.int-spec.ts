import { jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { type AggregateRepository, EventLogUnavailableError, MessageContext } from '../../src/index.js';
import { DecisionOutdatedError } from '../../src/commands/command.errors.js';
import { Snapshots } from '../../src/aggregates/snapshots.js';
import { HeldTurn } from '../../src/decisions/held-turn.js';
import { Counter, CounterFullError, RaiseCounterCommand } from '../counters/counter.js';
import { CounterNode } from '../counters/counter-node.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { DoCommand, DoHandler, elsewhere } from './do-command.js';

describe('what a command decides, while something else happens,', () => {
  let database: TestDatabase;
  let node: CounterNode;
  let other: CounterNode;

  beforeAll(async () => {
    database = await createTestDatabase('sqlite');
    node = await CounterNode.start(database, {}, { providers: [DoHandler] });
    other = await CounterNode.start(database);
  });

  afterEach(() => jest.restoreAllMocks());

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

  it('is repeated alone when a nested command was executed meanwhile', async () => {
    const [nested, id] = [await open(), await open()];
    const seen: number[] = [];
    let nesting: Promise<unknown> | undefined;

    await run(async (counters) => {
      const deciding = counters.update(Counter, id, async (counter) => {
        seen.push(counter.value);
        await nesting;
        if (seen.length === 2) await elsewhere(() => raise(other.aggregates, id, 5));
        counter.raise(1);
      });
      nesting = node.commands.execute(new RaiseCounterCommand(nested, 1));
      await deciding;
    });

    expect(seen).toEqual([0, 0, 5]);
    expect([await valueOf(nested), await valueOf(id)]).toEqual([1, 6]);
  });

  it('is found by a command that the handler executes for another message', async () => {
    const id = await open();
    let runs = 0;

    await run(async (counters) => {
      runs += 1;
      await raise(counters, id);
      await node.from({}, () => node.commands.execute(new RaiseCounterCommand(id, 2)));
    });

    expect(runs).toBe(1);
    expect(await valueOf(id)).toBe(3);
  });

  it('is not mixed with what an outdated run of the handler left running', async () => {
    const [id, unwanted] = [await open(), await open()];
    const { promise: secondRun, resolve: begin } = Promise.withResolvers<void>();
    let left: Promise<unknown> | undefined;

    await run(async (counters) => {
      if (left) {
        begin();
        await Promise.allSettled([left]);
        return raise(counters, id);
      }
      left = secondRun.then(() => raise(counters, unwanted));
      await raise(counters, id);
      return elsewhere(() => raise(other.aggregates, id, 5));
    });

    await expect(left).rejects.toThrow(DecisionOutdatedError);
    expect([await valueOf(unwanted), await valueOf(id)]).toEqual([0, 6]);
  });

  it('is stored when the handler left it running after one that was refused', async () => {
    const id = await open();
    let left: Promise<unknown> | undefined;

    await run((counters) => {
      left = raise(counters, id, 11).catch(() => raise(counters, id));
      return Promise.resolve();
    });
    await left;

    expect(await valueOf(id)).toBe(1);
  });

  it('does not hold up a nested command about the same thing when it was refused', async () => {
    const id = await open();
    const ended = jest.spyOn(HeldTurn.prototype, 'end');

    await run(async (counters) => {
      await expect(raise(counters, id, 11)).rejects.toThrow(CounterFullError);
      expect(ended).toHaveBeenCalledTimes(1);
      await node.commands.execute(new RaiseCounterCommand(id, 1));
    });

    expect(await valueOf(id)).toBe(1);
  });

  it('is not mixed in a snapshot with what the handler does to the aggregate afterwards', async () => {
    const id = uuidv7();
    const counter = Counter.open(id, id);
    for (let raised = 0; raised < 200; raised++) counter.raise(1);

    await run(async (counters) => {
      await counters.create(Counter, counter);
      counter.raise(1_000);
    });
    await node.get(Snapshots).settled();

    expect(await valueOf(id)).toBe(200);
  });

  it('is followed by all work that waits for it when the handler fails after it was stored', async () => {
    const id = await open();
    const context = node.get(MessageContext);
    const seen: number[] = [];

    const failing = run(async (counters) => {
      await raise(counters, id);
      await context.afterStored(() => Promise.reject(new Error('The cache is gone.')));
      await context.afterStored(async () => void seen.push(await valueOf(id)));
      await node.commands.execute(new RaiseCounterCommand(id, 1, 0));
    });

    await expect(failing).rejects.toThrow('The cache is gone.');
    expect(seen).toEqual([1]);
  });

  it('is answered, and followed by the work that waits for it, when the answer of the log was lost', async () => {
    const id = await open();
    const context = node.get(MessageContext);
    const seen: number[] = [];
    const { log } = node;
    const append = log.append.bind(log);
    jest.spyOn(log, 'append').mockImplementationOnce(async (...all) => {
      await append(...all);
      throw new EventLogUnavailableError();
    });

    const { outcome } = await node.from({ commandId: uuidv7() }, () =>
      run(async (counters) => {
        await raise(counters, id);
        await context.afterStored(async () => void seen.push(await valueOf(id)));
      }),
    );

    expect(outcome).toMatchObject({ version: 2, repeated: true });
    expect(seen).toEqual([1]);
  });
});
