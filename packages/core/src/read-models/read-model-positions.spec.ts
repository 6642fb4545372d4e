import { InvalidReadError } from '../event-log/event-log.errors.js';
import type { ReadModelSubscription } from './read-model-subscription.js';
import { ReadModelBehindError } from './read-model-behind.error.js';
import { ReadModelPositions } from './read-model-positions.js';
import { TooManyWaitersError } from './waiter-count.js';

class Row {}
class OtherRow {}
const ELSEWHERE = { name: 'elsewhere', entities: [Row], types: ['a'] } as unknown as ReadModelSubscription;
const HERE = { name: 'here', entities: [OtherRow], types: ['a'] } as unknown as ReadModelSubscription;

/** A log in which every event is handled, and one read model on another node. Counts the reads. */
class World {
  head = 0;
  elsewhere = 0;
  asked = 0;
  private readonly whenAsked = new Map<number, () => void>();

  /** The positions, with these limits. @param limit in ms */
  positions(limit = 10_000, perCaller = 1_000, all = 1_000): ReadModelPositions {
    const answer = <T>(value: () => T): Promise<T> => {
      this.whenAsked.get(++this.asked)?.();
      return Promise.resolve(value());
    };
    const positions = new ReadModelPositions(
      () => [ELSEWHERE, HERE],
      { list: () => answer(() => [{ name: 'elsewhere', position: this.elsewhere }]) as never },
      {
        head: () => answer(() => this.head),
        readAll: ({ after, upTo }) =>
          answer(() => ({ events: after < upTo! ? [{ position: after + 1 }] : [] })) as never,
      },
      limit,
      { perCaller, all },
    );
    positions.report('here', 0);
    return positions;
  }

  /** @param count number of reads after which `change` runs */
  after(count: number, change: () => void): void {
    this.whenAsked.set(count, change);
  }
}

let world: World;

beforeEach(() => {
  world = new World();
});

it('reads as often for hundreds of waiting callers as for one', async () => {
  const one = new World();
  one.after(12, () => Object.assign(one, { head: 7, elsewhere: 7 }));
  await one.positions().waitFor(7, [Row]);
  const many = new World();
  many.after(12, () => Object.assign(many, { head: 7, elsewhere: 7 }));
  const positions = many.positions();
  await Promise.all(Array.from({ length: 500 }, (_, at) => positions.waitFor(1 + (at % 7), [Row])));

  expect(many.asked).toBeLessThanOrEqual(one.asked + 3);
});

it('sends no query when local read models have reached the position', async () => {
  const positions = world.positions();
  positions.report('here', 9);

  await positions.waitFor(9, [OtherRow]);

  expect(world.asked).toBe(0);
});

it('waits for reports of local read models without querying the databases', async () => {
  const positions = world.positions();
  world.head = 9;
  const waiting = positions.waitFor(9, [OtherRow]);
  positions.report('here', 8);

  positions.report('here', 9);
  await waiting;

  expect(world.asked).toBe(0);
});

it('looks for a read model of another node at once, while others wait for a local one', async () => {
  const positions = world.positions(600_000);
  const local = positions.waitFor(100, [OtherRow]);
  await new Promise((resolve) => setImmediate(resolve));
  Object.assign(world, { head: 1, elsewhere: 1 });

  // Otherwise it would wait for as long as the first caller may.
  await expect(positions.waitFor(1, [Row])).resolves.toBeUndefined();

  positions.report('here', 100);
  await local;
});

it('gives up after the limit, for each caller separately', async () => {
  const positions = world.positions(20);
  world.head = 2;
  world.elsewhere = 1;

  const [one, two, beyond] = await Promise.allSettled([
    positions.waitFor(1, [Row]),
    positions.waitFor(2, [Row]),
    positions.waitFor(3, []),
  ]);

  expect(one).toMatchObject({ status: 'fulfilled' });
  expect(two).toMatchObject({ reason: expect.any(ReadModelBehindError) });
  expect(beyond).toMatchObject({ reason: expect.any(ReadModelBehindError) });
});

it('rejects all waiting callers when the databases are away, and reads again for the next one', async () => {
  const positions = world.positions();
  world.after(1, () => {
    throw new Error('away');
  });

  await expect(Promise.all([positions.waitFor(1, [Row]), positions.waitFor(2, [Row])])).rejects.toThrow('away');

  world.head = 1;
  await positions.waitFor(1, []);
});

it.each([
  ['one caller', 2, 9, ['ann', 'ann'], 'ann', 'bob'],
  ['all anonymous callers', 2, 9, ['anonymous', 'anonymous'], 'anonymous', 'ann'],
  ['all callers together', 2, 3, ['ann', 'bob', 'anonymous'], 'cleo', undefined],
])('limits how many positions %s may wait for at once', async (_who, perCaller, all, callers, refused, admitted) => {
  const positions = world.positions(10_000, perCaller, all);
  const waiting = callers.map((caller) => positions.waitFor(1, [], caller));

  await expect(positions.waitFor(1, [], refused)).rejects.toThrow(TooManyWaitersError);
  if (admitted !== undefined) waiting.push(positions.waitFor(1, [], admitted));

  world.head = 1;
  await Promise.all(waiting);
  await positions.waitFor(1, [], refused);
});

it.each([Number.NaN, -1, 1.5, Infinity])('refuses to wait for the position %d', async (position) => {
  const waiting = world.positions().waitFor(position);
  await expect(waiting).rejects.toThrow(InvalidReadError);
  await expect(waiting).rejects.toThrow(`position is ${position}. Give a whole number from 0.`);
});
