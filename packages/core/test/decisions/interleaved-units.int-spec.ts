import { jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { MessageContext, EventLogUnavailableError } from '../../src/index.js';
import { DecisionOutdatedError } from '../../src/commands/command.errors.js';
import { Snapshots } from '../../src/aggregates/snapshots.js';
import { HeldTurn } from '../../src/decisions/held-turn.js';
import { Counter, CounterFullError, RaiseCounterCommand } from '../counters/counter.js';
import { elsewhere, raise, TwoNodes } from './do-command.js';

describe('what a command decides, while something else happens,', () => {
  let nodes: TwoNodes;

  beforeAll(async () => {
    nodes = await TwoNodes.start();
  });

  afterAll(() => nodes?.stop());

  afterEach(() => jest.restoreAllMocks());

  it('is repeated alone when a nested command was executed meanwhile', async () => {
    const [nested, id] = [await nodes.open(), await nodes.open()];
    const seen: number[] = [];
    let nesting: Promise<unknown> | undefined;

    await nodes.run(async (counters) => {
      const deciding = counters.update(Counter, id, async (counter) => {
        seen.push(counter.value);
        await nesting;
        if (seen.length === 2) await elsewhere(() => raise(nodes.other.aggregates, id, 5));
        counter.raise(1);
      });
      nesting = nodes.node.commands.execute(new RaiseCounterCommand(nested, 1));
      await deciding;
    });

    expect(seen).toEqual([0, 0, 5]);
    expect([await nodes.valueOf(nested), await nodes.valueOf(id)]).toEqual([1, 6]);
  });

  it('is found by a command that the handler executes for another message', async () => {
    const id = await nodes.open();
    let runs = 0;

    await nodes.run(async (counters) => {
      runs += 1;
      await raise(counters, id);
      await nodes.node.from({}, () => nodes.node.commands.execute(new RaiseCounterCommand(id, 2)));
    });

    expect(runs).toBe(1);
    expect(await nodes.valueOf(id)).toBe(3);
  });

  it('is not mixed with what an outdated run of the handler left running', async () => {
    const [id, unwanted] = [await nodes.open(), await nodes.open()];
    const { promise: secondRun, resolve: begin } = Promise.withResolvers<void>();
    let left: Promise<unknown> | undefined;

    await nodes.run(async (counters) => {
      if (left) {
        begin();
        await Promise.allSettled([left]);
        return raise(counters, id);
      }
      left = secondRun.then(() => raise(counters, unwanted));
      await raise(counters, id);
      return elsewhere(() => raise(nodes.other.aggregates, id, 5));
    });

    await expect(left).rejects.toThrow(DecisionOutdatedError);
    expect([await nodes.valueOf(unwanted), await nodes.valueOf(id)]).toEqual([0, 6]);
  });

  it('is stored when the handler left it running after one that was refused', async () => {
    const id = await nodes.open();
    let left: Promise<unknown> | undefined;

    await nodes.run((counters) => {
      left = raise(counters, id, 11).catch(() => raise(counters, id));
      return Promise.resolve();
    });
    await left;

    expect(await nodes.valueOf(id)).toBe(1);
  });

  it('does not hold up a nested command about the same thing when it was refused', async () => {
    const id = await nodes.open();
    const ended = jest.spyOn(HeldTurn.prototype, 'end');

    await nodes.run(async (counters) => {
      await expect(raise(counters, id, 11)).rejects.toThrow(CounterFullError);
      expect(ended).toHaveBeenCalledTimes(1);
      await nodes.node.commands.execute(new RaiseCounterCommand(id, 1));
    });

    expect(await nodes.valueOf(id)).toBe(1);
  });

  it('is not mixed in a snapshot with what the handler does to the aggregate afterwards', async () => {
    const id = uuidv7();
    const counter = Counter.open(id, id);
    for (let raised = 0; raised < 200; raised++) counter.raise(1);

    await nodes.run(async (counters) => {
      await counters.create(Counter, counter);
      counter.raise(1_000);
    });
    await nodes.node.get(Snapshots).settled();

    expect(await nodes.valueOf(id)).toBe(200);
  });

  it('is followed by all work that waits for it when the handler fails after it was stored', async () => {
    const id = await nodes.open();
    const context = nodes.node.get(MessageContext);
    const seen: number[] = [];

    const failing = nodes.run(async (counters) => {
      await raise(counters, id);
      await context.afterStored(() => Promise.reject(new Error('The cache is gone.')));
      await context.afterStored(async () => void seen.push(await nodes.valueOf(id)));
      await nodes.node.commands.execute(new RaiseCounterCommand(id, 1, 0));
    });

    await expect(failing).rejects.toThrow('The cache is gone.');
    expect(seen).toEqual([1]);
  });

  it('is answered, and followed by the work that waits for it, when the answer of the log was lost', async () => {
    const id = await nodes.open();
    const context = nodes.node.get(MessageContext);
    const seen: number[] = [];
    const { log } = nodes.node;
    const append = log.append.bind(log);
    jest.spyOn(log, 'append').mockImplementationOnce(async (...all) => {
      await append(...all);
      throw new EventLogUnavailableError();
    });

    const { outcome } = await nodes.node.from({ commandId: uuidv7() }, () =>
      nodes.run(async (counters) => {
        await raise(counters, id);
        await context.afterStored(async () => void seen.push(await nodes.valueOf(id)));
      }),
    );

    expect(outcome).toMatchObject({ version: 2, repeated: true });
    expect(seen).toEqual([1]);
  });
});
