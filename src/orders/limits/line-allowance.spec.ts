import { LineAllowance } from './line-allowance.js';

const MINUTE = 60_000;
let allowance: LineAllowance;

beforeEach(() => {
  allowance = new LineAllowance(100);
});

it('an order of 50 lines costs as much as 50 orders of one', () => {
  expect(allowance.take('ann', 50, 0)).toBe(0);
  for (let order = 0; order < 50; order++) expect(allowance.take('ann', 1, 0)).toBe(0);

  expect(allowance.take('ann', 1, 0)).toBe(MINUTE / 100);
  expect(allowance.take('ann', 50, 0)).toBe(MINUTE / 2);
  expect(allowance.take('bob', 100, 0)).toBe(0);
});

it('a refused order costs nothing, and the allowance refills evenly, up to one minute’s worth', () => {
  allowance.take('ann', 100, 0);
  for (let time = 0; time < 9; time++) expect(allowance.take('ann', 50, MINUTE / 4)).toBe(MINUTE / 4);

  expect(allowance.take('ann', 50, MINUTE / 2)).toBe(0);
  expect(allowance.take('ann', 1, MINUTE / 2)).toBeGreaterThan(0);
  expect(allowance.take('ann', 100, 10 * MINUTE)).toBe(0);
  expect(allowance.take('ann', 1, 10 * MINUTE)).toBeGreaterThan(0);
});

it('thousands of customers use a bounded amount of memory', () => {
  allowance.take('ann', 100, 0);
  allowance.take('bob', 100, 1);
  for (let each = 0; each < 9_998; each++) allowance.take(`c${each}`, 1, 2);
  expect(allowance.take('ann', 1, 2)).toBeGreaterThan(0);

  allowance.take('one more', 1, 3);

  expect(allowance.take('bob', 1, 3)).toBeGreaterThan(0);
  expect(allowance.take('ann', 1, 3)).toBe(0);
});
