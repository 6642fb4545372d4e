import { FairOrder } from './fair-order.js';

it("puts a new key's first command ahead of the later commands of a busy key", () => {
  const order = new FairOrder([
    { key: 'busy', latest: 1_000, now: 500 },
    { key: 'new', latest: 0, now: 500 },
    { key: 'slow', latest: 100, now: 500 },
  ]);

  const times = ['busy', 'busy', 'new', 'new', 'slow'].map((key) => order.advance(key));
  expect(times).toEqual([1_020, 1_040, 500, 520, 500]);
});
