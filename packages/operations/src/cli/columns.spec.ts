import { Columns, fields, printable, table } from './columns.js';

it('aligns cells in columns, numbers to the right, without blanks at the end of a line', () => {
  expect(
    table(
      ['NAME', 'EVENTS', 'ERROR'],
      [
        ['a', '1,000', ''],
        ['longer', '7', 'x'],
      ],
      ['left', 'right'],
    ),
  ).toEqual(['NAME    EVENTS  ERROR', 'a        1,000', 'longer       7  x']);
});

it('widens columns as lines come', () => {
  const columns = new Columns(['right']);

  expect([columns.line(['9', 'a']), columns.line(['10', 'b']), columns.line(['3', 'c'])]).toEqual([
    '9  a',
    '10  b',
    ' 3  c',
  ]);
});

it('names values', () => {
  expect(
    fields([
      ['Size', '3'],
      ['First recorded', '-'],
    ]),
  ).toEqual(['Size            3', 'First recorded  -']);
});

it.each([
  ['two\nlines\r\n\tand a tab', 'two lines and a tab'],
  ['\u001B[31mred\u001B[0m', '\uFFFD[31mred\uFFFD[0m'],
  ['\u202Egpj.exe', '\uFFFDgpj.exe'],
  ['Ünïcode stays: 日本', 'Ünïcode stays: 日本'],
])('shows %j without terminal control codes', (text, shown) => {
  expect(printable(text)).toBe(shown);
});
