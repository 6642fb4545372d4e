import { count, counted, duration, share, size } from './format.js';
import { oneOf, someText, time, uuid, wholeNumber } from './values.js';

describe('reading', () => {
  it.each(['0', '7', '9007199254740991'])('%s is a whole number', (text) => {
    expect(wholeNumber('--after', 0)(text)).toBe(Number(text));
  });

  it.each(['', '-1', '1.5', '1e3', ' 1', '9007199254740992', '99999999999999999', 'ten'])('refuses %j', (text) => {
    expect(() => wholeNumber('--after', 0)(text)).toThrow(
      `--after is ${JSON.stringify(text)}: give a whole number of at`,
    );
  });

  it('keeps to bounds', () => {
    const read = wholeNumber('--limit', 1, 10);

    expect([read('1'), read('10')]).toEqual([1, 10]);
    expect(() => read('0')).toThrow('--limit is "0": give a whole number from 1 to 10.');
    expect(() => read('11')).toThrow('from 1 to 10');
  });

  it.each([
    ['2026-01-31', '2026-01-31T00:00:00.000Z'],
    ['2026-01-31T12:00Z', '2026-01-31T12:00:00.000Z'],
    ['2026-01-31T12:00:00.5+02:00', '2026-01-31T10:00:00.500Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is a time', (text, expected) => {
    expect(time('--from')(text).toISOString()).toBe(expected);
  });

  it.each(['', 'now', '2026', '2026-02-29', '2026-01-31T12:00:00', '2026-01-31T25:00:00Z', '31.01.2026', '1769860800'])(
    '%j is no time',
    (text) => {
      expect(() => time('--from')(text)).toThrow(/^--from is ".*": give a time with its zone, such as /);
    },
  );

  it('accepts ids, texts and choices, and nothing else', () => {
    const id = '0198a3c4-5d6e-7f80-9a1b-2c3d4e5f6071';

    expect(uuid('<id>', 'the list')(id)).toBe(id);
    expect(() => uuid('<id>', 'the list')('x')).toThrow('<id> is "x": give a UUID, as the list shows it.');
    expect(someText('--type')('users.registered')).toBe('users.registered');
    expect(() => someText('--type')('')).toThrow('--type is "": give a text.');
    expect(() => someText('--type')('a\nb')).toThrow('--type');
    expect(oneOf('<role>', ['a', 'b'])('b')).toBe('b');
    expect(() => oneOf('<role>', ['a', 'b'])('c')).toThrow('<role> is "c": give one of a, b.');
  });
});

it('writes numbers as people read them', () => {
  expect([count(12_345), counted(1, 'event'), counted(0, 'event')]).toEqual(['12,345', '1 event', '0 events']);
  expect([share(0), share(0.999), share(1)]).toEqual(['0 %', '99 %', '100 %']);
  expect([size(999), size(1_536), size(5 * 1_024 ** 3), size(3_000 * 1_024 ** 4)]).toEqual([
    '999 bytes',
    '1.5 KiB',
    '5.0 GiB',
    '3000.0 TiB',
  ]);
  expect([duration(0.2), duration(61), duration(7_500)]).toEqual(['1 s', '1 min 1 s', '2 h 5 min']);
});
