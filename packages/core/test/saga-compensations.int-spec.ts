import { of } from 'rxjs';
import { orElse } from '../src/index.js';
import { DATABASE_KINDS } from './support/databases.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, lettersOf, lowered, open, raise, settled, worked } from './counters/counter-nodes.js';
import { LEVELLING, LEVELLING_PROVIDERS, LowerCounterCommand, lowering, reaction } from './counters/counter-saga.js';
import { CounterFullError } from './counters/counter.js';

/** The amount that is refused and compensated. */
const REFUSED = 50;
const INSTEAD = 5;

describe.each(DATABASE_KINDS)('compensations of sagas on %s', (kind) => {
  let nodes: CounterNodes;
  let node: CounterNode;
  let tried: number[];

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind, { providers: LEVELLING_PROVIDERS });
    node = await nodes.start();
  });

  beforeEach(() => {
    tried = [];
    lowering.before = ({ by }) => {
      tried.push(by);
      if (by === REFUSED) throw new CounterFullError('It is full.');
    };
    reaction.to = ({ counterId, by }) =>
      of(orElse(new LowerCounterCommand(counterId, by), new LowerCounterCommand(counterId, INSTEAD)));
  });

  afterEach(() => nodes.calm(node));

  afterAll(() => nodes.drop());

  it('replace a refused command at its place in the order, without a dead letter', async () => {
    const { handled } = await node.status(LEVELLING);
    const id = await open(node);
    for (const by of [1, REFUSED, 3]) await raise(node, id, by);
    await settled(node, { handled: handled + 7 });

    await worked(node, nodes);
    expect(tried).toEqual([1, REFUSED, INSTEAD, 3]);
    expect(await lowered(node, id)).toEqual([1, INSTEAD, 3]);
    expect(await node.deadLetters.list(undefined, 10)).toEqual([]);
  });

  it('have ids different from their commands', async () => {
    const id = await open(node);
    const ids: string[] = [];
    lowering.before = ({ by, commandId }) => {
      ids.push(commandId);
      if (by === REFUSED) throw new CounterFullError('It is full.');
    };
    await raise(node, id, REFUSED);
    await worked(node, nodes);

    expect(new Set(ids).size).toBe(2);
    expect(await lowered(node, id)).toEqual([INSTEAD]);
  });

  it('become dead letters when they are refused themselves', async () => {
    lowering.before = ({ by }) => {
      throw new CounterFullError(`No ${by}.`);
    };
    await raise(node, await open(node), REFUSED);

    expect(await lettersOf(node, 1)).toMatchObject([{ kind: 'command', error: `No ${INSTEAD}.`, waiting: 0 }]);
  });

  it('are not executed on a fault, which is retried', async () => {
    let faults = 2;
    lowering.before = ({ by }) => {
      tried.push(by);
      if (faults-- > 0) throw new Error('no answer');
    };
    const id = await open(node);
    await raise(node, id, 4);

    await worked(node, nodes);
    expect(tried).toEqual([4, 4, 4]);
    expect(await lowered(node, id)).toEqual([4]);
  });
});
