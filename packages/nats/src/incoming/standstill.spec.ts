import { Standstill } from './standstill.js';

const seen = (waiting: number, delivered: number) => ({ num_pending: waiting, delivered: { consumer_seq: delivered } });

it('is reached when messages wait for longer than the limit and none is delivered', () => {
  const standstill = new Standstill(100);

  expect(standstill.isReached(seen(5, 1), 1_000)).toBe(false);
  expect(standstill.isReached(seen(6, 1), 1_100)).toBe(false);
  expect(standstill.isReached(seen(6, 1), 1_101)).toBe(true);
  expect(standstill.isReached(seen(5, 2), 1_200)).toBe(false);
});

it('is not reached while no message waits, however long; the first one starts the time', () => {
  const standstill = new Standstill(100);

  for (const now of [0, 500, 1_000]) expect(standstill.isReached(seen(0, 1), now)).toBe(false);
  expect(standstill.isReached(seen(1, 1), 1_090)).toBe(false);
  expect(standstill.isReached(seen(1, 1), 1_101)).toBe(true);
});
