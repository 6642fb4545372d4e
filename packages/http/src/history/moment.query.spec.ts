import { refusedFields } from '../testing/refused-fields.js';
import { MomentQuery } from './moment.query.js';
import { isVersion } from './version-cursor.js';

it.each([
  {},
  { version: '0' },
  { version: '9007199254740991' },
  { at: '2026-01-31T12:00:00Z' },
  { at: '2999-12-31T23:59Z' },
  { at: '0001-01-01T00:00:00.123456789+05:30' },
])('a moment can be %j', async (query) => {
  expect(await refusedFields(MomentQuery, query, 'query')).toEqual([]);
});

it.each([
  ...['-1', '1.5', 'one', '', '9007199254740993', ['1', '2'], '0x1'].map((version) => ({ version })),
  { version: '1', at: '2999-01-01T00:00:00Z' },
])('%j is no version', async (query) => {
  expect(await refusedFields(MomentQuery, query, 'query')).toEqual(['version']);
});

it.each([
  '',
  'yesterday',
  '2026-01-31',
  '2026-01-31T12:00:00',
  '2026-13-31T12:00:00Z',
  '2026-02-30T12:00:00Z',
  '2026-01-31T25:00:00Z',
  '1769860800000',
  ['2026-01-31T12:00:00Z', '2026-01-31T12:00:01Z'],
])('%j is no time', async (at) => {
  expect(await refusedFields(MomentQuery, { at }, 'query')).toEqual(['at']);
});

it('unknown fields are refused', async () => {
  expect(await refusedFields(MomentQuery, { until: '2026-01-31T12:00:00Z' }, 'query')).toEqual(['until']);
});

it('the cursor of a history is a version', () => {
  for (const version of [0, 1, Number.MAX_SAFE_INTEGER]) expect(isVersion(version)).toBe(true);
  for (const other of [-1, 1.5, 2 ** 53, '1', null, {}]) expect(isVersion(other)).toBe(false);
});
