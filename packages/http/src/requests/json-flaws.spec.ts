import { findFlaw } from './json-flaws.js';

const fields = (count: number): object => Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, 1]));
const elements = (count: number, element: unknown = 1): unknown[] => Array.from({ length: count }, () => element);

it.each([
  ['100 fields', fields(100)],
  ['999 elements in one field', { a: elements(999) }],
  ['9 objects of 100 fields', { a: elements(9, fields(100)) }],
  ['a long text', { a: 'x'.repeat(100_000) }],
])('finds nothing in %s', (_what, body) => {
  expect(findFlaw(body)).toBeUndefined();
});

it.each([
  ['101 fields', fields(101), 'body'],
  ['101 fields further down', { a: [fields(101)] }, 'a[0]'],
  ['11,000 fields', fields(11_000), 'body'],
  ['1,000 elements in one field', { a: elements(1_000) }, 'body'],
  ['10 objects of 100 fields', { a: elements(10, fields(100)) }, 'body'],
  ['lists of empty lists', { a: elements(40, elements(30, [])) }, 'body'],
])('finds too many: %s', (_what, body, field) => {
  expect(findFlaw(body)).toEqual({ field, message: expect.stringMatching(/ more than [1-9]\d+ /) });
});

it('reports too many elements without checking each of them', () => {
  const body = {};
  for (let at = 0; at < 1_001; at++) {
    Object.defineProperty(body, `f${at}`, { enumerable: true, get: () => expect(at).toBe('not looked at') });
  }

  expect(findFlaw(body)).toMatchObject({ field: 'body' });
});
