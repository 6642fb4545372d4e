import { ValidationFailedError } from '../problems/validation-failed.error.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { pageOf } from './page.js';

const isNumber = (value: unknown): value is number => typeof value === 'number';

it('decodes to the value that was encoded', () => {
  const cursor = encodeCursor(42);

  expect(cursor).toMatch(/^[\w-]+$/);
  expect(decodeCursor(cursor, isNumber)).toBe(42);
});

it.each([
  ['nonsense', 'nonsense'],
  ['of another list', encodeCursor({ at: 1 })],
  ['nothing', ''],
  ['no text', '////'],
])('is refused when it is %s', (_name, cursor) => {
  expect(() => decodeCursor(cursor, isNumber)).toThrow(ValidationFailedError);
});

it.each([
  [[], { items: [], nextCursor: null }],
  [[1, 2], { items: [1, 2], nextCursor: null }],
  [[1, 2, 3], { items: [1, 2], nextCursor: 'after 2' }],
])('points to the second item of a page of two out of %j', (found, page) => {
  expect(pageOf(found, 2, (last) => `after ${last}`)).toEqual(page);
});
