import { arrayText, quotedArrayText } from './array-text.js';

it('writes numbers and ids without quotes', () => {
  expect(arrayText([])).toBe('{}');
  expect(arrayText([1, null, -2])).toBe('{1,NULL,-2}');
});

it('quotes strings, so that none of them ends the element or the array', () => {
  expect(quotedArrayText([])).toBe('{}');
  expect(quotedArrayText(['a', null, '', 'NULL', '{"b": "c\\n"},'])).toBe(
    String.raw`{"a",NULL,"","NULL","{\"b\": \"c\\n\"},"}`,
  );
});
