import { categoryOf, isCategory, isStreamName, streamNameFlaw } from './stream-name.js';

it.each([
  'order-1',
  'Order-1',
  'shopping_cart-1',
  'shoppingCart-1',
  '2024-report',
  '_-_',
  'order--',
  'order-a b/c?d#é😀',
  `order-${'x'.repeat(249)}`,
])('%j is a valid stream name', (stream) => {
  expect(streamNameFlaw(stream)).toBeUndefined();
  expect(isStreamName(stream)).toBe(true);
});

it.each<[unknown, string]>([
  ['', 'it has no hyphen'],
  ['order', 'it has no hyphen'],
  ['-1', 'there is nothing before the first hyphen'],
  ['order-', 'there is nothing after the first hyphen'],
  ['shopping cart-1', 'its category "shopping cart" has " "'],
  ['sales.order-1', 'its category "sales.order" has "."'],
  ['größe-1', 'its category "größe" has "ö"'],
  ['a\0-1', 'its category "a\\u0000" has U+0000'],
  ['order-a\nb', 'its id has U+000A at character 8 of the name'],
  ['order-\ud83d', 'its id has U+D83D at character 7 of the name'],
  [`order-${'x'.repeat(250)}`, 'it has 256 characters, and may have 255'],
  [undefined, 'it is of type undefined, and not a string'],
  [null, 'it is null, and not a string'],
  [7, 'it is of type number'],
])('%j is invalid, and the message names the wrong part', (stream, words) => {
  expect(streamNameFlaw(stream)).toContain(words);
  expect(isStreamName(stream)).toBe(false);
});

it('the category ends at the first hyphen', () => {
  expect(categoryOf('shopping_cart-1-2')).toBe('shopping_cart');
});

it.each([
  ['Order', true],
  ['x'.repeat(253), true],
  ['x'.repeat(254), false],
  ['', false],
  ['shopping-cart', false],
  [undefined, false],
])('whether %j is a category: %p', (category, expected) => {
  expect(isCategory(category)).toBe(expected);
});
