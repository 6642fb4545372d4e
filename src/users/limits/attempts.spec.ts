import { Attempts } from './attempts.js';

const LIMIT = { most: 2, within: 100 };

it.each([
  ['none', [], 0, 0],
  ['fewer than the limit', [[950, 'a']], 1, 0],
  [
    'as many as the limit: wait for the oldest of them',
    [
      [910, 'a'],
      [950, 'b'],
    ],
    2,
    10,
  ],
  [
    'more than the limit',
    [
      [910, 'a'],
      [950, 'b'],
      [990, 'c'],
    ],
    2,
    50,
  ],
  [
    'later ones, of requests that came after this one',
    [
      [1_010, 'a'],
      [1_020, 'b'],
    ],
    2,
    100,
  ],
  [
    'old ones',
    [
      [850, 'a'],
      [900, 'b'],
      [950, 'c'],
    ],
    1,
    0,
  ],
] as [string, [number, string][], number, number][])('counts %s', (_, stored, count, wait) => {
  expect(new Attempts(stored, LIMIT, 1_000)).toMatchObject({ count, wait });
});

it('counts an id once, and removes it again', () => {
  const attempts = new Attempts([], LIMIT, 1_000);
  attempts.add('a');
  attempts.add('a');
  expect(attempts.recent).toEqual([[1_000, 'a']]);
  attempts.remove('b');
  attempts.remove('a');
  expect(attempts.recent).toEqual([]);
});
