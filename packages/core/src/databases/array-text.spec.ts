import { arrayParameter, arrayText, documentArrayText, quotedArrayText } from './array-text.js';

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

it('quotes JSON documents as it quotes other strings', () => {
  const values = [{ text: 'a "b" \\ \n \u0000 \u2028 \ud800 é 😀', more: ['{', '},', null] }, {}, [], 'NULL', 1, null];
  const documents = [...values.map((value) => JSON.stringify(value)), null];

  expect(documentArrayText([])).toBe('{}');
  expect(documentArrayText(documents)).toBe(quotedArrayText(documents).replace(/NULL}$/, 'null}'));
});

it('leaves bytes, times and lists to pg, and writes all other values as texts', () => {
  expect(arrayParameter([1, -0.5, 1e21, 7n, true, null, undefined, 'a "b", {c} \\ NULL', ''])).toBe(
    String.raw`{1,-0.5,1e+21,7,true,NULL,NULL,"a \"b\", {c} \\ NULL",""}`,
  );
  for (const other of [Buffer.from('a'), new Date(0), ['a'], {}]) {
    const values = ['a', other];
    expect(arrayParameter(values)).toBe(values);
  }
});
