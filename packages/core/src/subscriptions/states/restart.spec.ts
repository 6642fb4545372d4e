import { jest } from '@jest/globals';
import { isHalted, LONGEST_PAUSE, restartPauseOf, stopFor } from './restart.js';

afterEach(() => jest.restoreAllMocks());

it('pauses from the first to the longest, and leaves out up to a half', () => {
  const pause = { first: 1_000, longest: 300_000 };
  const pauses = (random: number) => {
    jest.spyOn(Math, 'random').mockReturnValue(random);
    return [0, 1, 2, 8, 9, 1_000_000].map((restarts) => stopFor('x', restarts, pause).restartIn);
  };
  expect(pauses(1)).toEqual([1_000, 2_000, 4_000, 256_000, 300_000, 300_000]);
  expect(pauses(0)).toEqual([500, 1_000, 2_000, 128_000, 150_000, 150_000]);
});

it.each([
  [{}, { first: 1_000, longest: 300_000 }],
  [{ longest: 200 }, { first: 200, longest: 200 }],
  [{ first: 20 }, { first: 20, longest: 300_000 }],
  [{ longest: LONGEST_PAUSE }, { first: 1_000, longest: LONGEST_PAUSE }],
])('with %j it pauses as in %j', (given, expected) => {
  expect(restartPauseOf(given)).toEqual(expected);
});

it.each([{ first: 0 }, { longest: -1 }, { first: 2, longest: 1 }, { longest: LONGEST_PAUSE + 1 }, { first: NaN }])(
  'refuses pauses of %j',
  (given) => {
    expect(() => restartPauseOf(given)).toThrow(/^restartPause is from .* Give times above 0/);
  },
);

it.each([
  [null, null, false, false],
  [null, null, true, false],
  ['paused', null, true, true],
  ['paused', 0, true, true],
  ['stopped', null, false, true],
  ['stopped', 1, false, true],
  ['stopped', 0, false, false],
  ['stopped', 1, true, false],
] as const)(
  '%s with a restart in %s, at the start of a process %s: halted is %s',
  (halted, restartIn, start, expected) => {
    expect(isHalted({ halted, restartIn }, start)).toBe(expected);
  },
);
