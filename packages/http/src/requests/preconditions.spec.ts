import { ValidationFailedError } from '../problems/validation-failed.error.js';
import { traceparentFrom } from './correlation.js';
import { expectedVersionFrom, minPositionFrom } from './preconditions.js';

it('If-Match is one version in double quotes', () => {
  expect(expectedVersionFrom(undefined)).toBeUndefined();
  expect(expectedVersionFrom('"1"')).toBe(1);
  expect(expectedVersionFrom('"9007199254740991"')).toBe(Number.MAX_SAFE_INTEGER);
});

it.each(['1', '"0"', '"01"', '"1.0"', '"-1"', '" 1"', '""', '*', 'W/"1"', '"1", "2"', '"9007199254740993"'])(
  'If-Match: %s is refused',
  (header) => {
    expect(() => expectedVersionFrom(header)).toThrow(ValidationFailedError);
  },
);

it('Leftfold-Min-Position is a position', () => {
  expect(minPositionFrom(undefined)).toBeUndefined();
  expect(minPositionFrom('0')).toBe(0);
  expect(minPositionFrom('12')).toBe(12);
  for (const header of ['', '-1', '1.5', '"1"', '1e3', '9007199254740993', ['1', '2']]) {
    expect(() => minPositionFrom(header)).toThrow(ValidationFailedError);
  }
});

it('traceparent is passed on when it is well-formed', () => {
  const good = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  expect(traceparentFrom(good)).toBe(good);
  const bad = [good.toUpperCase(), good.replace('00-', 'ff-'), `${good}-x`, `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`];
  for (const header of [undefined, '', ...bad]) expect(traceparentFrom(header)).toBeUndefined();
});
