import { checkId, InvalidIdError, normaliseId } from './aggregate-id.js';

it.each([
  ['e\u0301', '\u00e9'],
  ['\u212b', '\u00c5'],
  ['\ufb01 Ab', '\ufb01 Ab'],
])('%j has the normal form %j, and keeps case, width and blanks', (id, normal) => {
  expect(normaliseId(id)).toBe(normal);
});

it.each(['a/b c', ' ', '東京', 'x'.repeat(249)])('accepts %j as the id of an order', (id) => {
  expect(() => checkId('order', id)).not.toThrow();
});

it.each([
  ['', /not empty/],
  ['a\tb', /printable/],
  ['\ud800', /printable/],
  ['x'.repeat(250), /has 250 characters, and may have 249/],
  [undefined as unknown as string, /not empty/],
])('refuses %j as the id of an order', (id, sentence) => {
  expect(() => checkId('order', id)).toThrow(InvalidIdError);
  expect(() => checkId('order', id)).toThrow(sentence);
});
