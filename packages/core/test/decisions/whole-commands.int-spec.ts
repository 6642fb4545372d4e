import { SecondDecisionError } from '../../src/index.js';
import { raise, TwoNodes } from './do-command.js';

describe('what a command decides is stored whole or not at all,', () => {
  let nodes: TwoNodes;

  beforeAll(async () => {
    nodes = await TwoNodes.start();
  });

  afterAll(() => nodes?.stop());

  it('when the handler decides twice', async () => {
    const [one, two] = [await nodes.open(), await nodes.open()];

    const attempt = nodes.run(async (counters) => {
      await raise(counters, one);
      await raise(counters, two);
    });

    await expect(attempt).rejects.toThrow(SecondDecisionError);
    expect([await nodes.valueOf(one), await nodes.valueOf(two)]).toEqual([0, 0]);
  });

  it('when the handler decides twice at once', async () => {
    const [one, two] = [await nodes.open(), await nodes.open()];

    const attempt = nodes.run((counters) => Promise.all([raise(counters, one), raise(counters, two)]));

    await expect(attempt).rejects.toThrow(SecondDecisionError);
    expect([await nodes.valueOf(one), await nodes.valueOf(two)]).toEqual([0, 0]);
  });

  it('when the handler catches the refusal of its second decision', async () => {
    const id = await nodes.open();

    const attempt = nodes.run(async (counters) => {
      await raise(counters, id);
      await raise(counters, id).catch(() => undefined);
    });

    await expect(attempt).rejects.toThrow(SecondDecisionError);
    expect(await nodes.valueOf(id)).toBe(0);
  });

  it('when the handler fails after its decision', async () => {
    const id = await nodes.open();

    const attempt = nodes.run(async (counters) => {
      await raise(counters, id);
      throw new Error('The printer is out of paper.');
    });

    await expect(attempt).rejects.toThrow('The printer is out of paper.');
    expect(await nodes.valueOf(id)).toBe(0);
  });

  it('when the handler fails before a decision that it did not wait for', async () => {
    const id = await nodes.open();
    let deciding: Promise<unknown> | undefined;

    const attempt = nodes.run(async (counters) => {
      deciding = raise(counters, id);
      throw new Error('The printer is out of paper.');
    });

    await expect(attempt).rejects.toThrow('The printer is out of paper.');
    await deciding;
    expect(await nodes.valueOf(id)).toBe(0);
  });
});
