import { Retry, type RetryOptions } from './retry.decorator.js';

class Handler {}

it.each<[RetryOptions, RegExp]>([
  [{ attempts: 0 }, /attempts must be a whole number from 1 to 1,000,000/],
  [{ attempts: 1e20 }, /attempts must be/],
  [{ deaths: 1.5 }, /deaths must be a whole number/],
  [{ backoff: { first: 10, longest: 5 } }, /longest at least as long as first/],
  [{ backoff: { first: 1, longest: 1e300 } }, /from 0 to 366 days/],
  [{ backoff: { first: Number.NaN, longest: 5 } }, /backoff needs first and longest/],
])('refuses %j', (options, sentence) => {
  expect(() => Retry(options)(Handler)).toThrow(sentence);
});
