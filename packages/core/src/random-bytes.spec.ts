import { randomBytesOf } from './random-bytes.js';

it('gives no byte to two callers, also beyond a refill, and keeps what it has given', () => {
  const taken = Array.from({ length: 2_000 }, () => randomBytesOf(12));
  const texts = taken.map((bytes) => bytes.toString('hex'));

  expect(taken.every(({ length }) => length === 12)).toBe(true);
  expect(new Set(texts).size).toBe(2_000);
  randomBytesOf(4_096);
  expect(taken.map((bytes) => bytes.toString('hex'))).toEqual(texts);
});
