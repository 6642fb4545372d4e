import { EventBus } from '@nestjs/cqrs';
import type { Subscription } from 'rxjs';
import { LogTail } from '../src/subscriptions/log-tail.js';
import { DATABASE_KINDS } from './support/databases.js';
import { eventually } from './support/eventually.js';
import type { CounterNode } from './counters/counter-node.js';
import { CounterNodes, open, raise } from './counters/counter-nodes.js';
import { CounterOpened, CounterRaised } from './counters/counter.js';

describe.each(DATABASE_KINDS)('an observer of the event bus on %s', (kind) => {
  let nodes: CounterNodes;
  let here: CounterNode;
  let elsewhere: CounterNode;
  const observers: Subscription[] = [];

  beforeAll(async () => {
    nodes = await CounterNodes.prepare(kind);
    here = await nodes.start();
    elsewhere = await nodes.start({ runSubscriptions: false });
  });

  afterAll(() => nodes.drop());

  /** Observes from now on, when the tail of the log is at the head, until the test is over. */
  const observe = async (node: CounterNode, observer: (event: object) => void): Promise<void> => {
    const head = await node.log.head();
    await eventually(() => expect(node.get(LogTail).position).toBe(head));
    observers.push(node.get(EventBus).subscribe(observer));
  };

  afterEach(() => {
    for (const each of observers.splice(0)) each.unsubscribe();
  });

  it('receives events committed on any node, as instances, in order, from the start of the process on', async () => {
    const counterId = await open(here);
    const [seenHere, seenElsewhere]: [object[], number[]] = [[], []];
    await observe(here, (event) => seenHere.push(event));
    await observe(elsewhere, (event) => {
      if (event instanceof CounterRaised && event.counterId === counterId) seenElsewhere.push(event.by);
    });

    for (let by = 1; by <= 10; by++) await raise(by % 2 ? here : elsewhere, counterId, by);
    await eventually(() => expect(seenElsewhere).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]));
    await eventually(() => expect(seenHere).toHaveLength(10));
    expect(seenHere.every((event) => event instanceof CounterRaised)).toBe(true);
  });

  it('may throw without affecting other observers', async () => {
    const seen: object[] = [];
    let failures = 0;
    await observe(here, () => {
      failures += 1;
      throw new Error('an observer that is broken');
    });
    await observe(here, (event) => seen.push(event));
    const ids = [await open(here), await open(here)];
    await eventually(() => expect(seen).toHaveLength(2));
    expect(seen.map((event) => (event as CounterOpened).counterId)).toEqual(ids);
    expect(failures).toBe(2);
    const head = await here.log.head();
    await eventually(async () => expect(await here.status()).toMatchObject({ position: head, state: 'live' }));
  });

  it('skips an event without a class and receives the next one', async () => {
    const seen: object[] = [];
    await observe(here, (event) => seen.push(event));
    await here.log.append([{ stream: 'other-1', expected: 'any', events: [{ type: 'x.happened', data: {} }] }]);
    const id = await open(here);
    await eventually(() => expect(seen).toMatchObject([{ counterId: id }]));
  });
});
