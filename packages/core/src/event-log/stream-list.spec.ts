import { endOfPrefix, inOrder, streamsStatement } from './stream-list.js';

it.each([
  ['order-', 'order.'],
  ['a', 'b'],
  ['\ud7ff', '\ue000'],
  ['a\uffff', 'a\u{10000}'],
  ['a\u{10ffff}', 'b'],
  ['\u{10ffff}', undefined],
  ['', undefined],
])('strings with the prefix %j sort before %j', (prefix, end) => {
  expect(endOfPrefix(prefix)).toBe(end);
});

it.each([
  [{ category: 'order' }, 'order-'],
  [{ category: 'order', prefix: 'ord' }, 'order-'],
  [{ category: 'order', prefix: 'order-7' }, 'order-7'],
  [{ prefix: 'ord', after: 'order-1' }, 'order-1'],
  [{ prefix: 'ord', after: 'Z-1' }, 'ord'],
  [{ after: 'order-1' }, 'order-1'],
  [{}, ''],
])('%j begins at %j', (options, start) => {
  expect(streamsStatement({ limit: 10, ...options })!.parameters[0]).toBe(start);
});

it('sends no query when no name can have both the category and the prefix', () => {
  expect(streamsStatement({ category: 'order', prefix: 'user', limit: 10 })).toBeUndefined();
  expect(streamsStatement({ category: 'order', prefix: 'order2-', limit: 10 })).toBeUndefined();
});

it('puts the rows of a page in its order, whatever the order of the database', () => {
  const rows = [3, 1, 2].map((place) => ({ place }) as unknown as Parameters<typeof inOrder>[0][number]);
  expect(inOrder(rows)).toEqual([{ place: 1 }, { place: 2 }, { place: 3 }]);
});
