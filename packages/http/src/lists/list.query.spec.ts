import { refusedFields } from '../testing/refused-fields.js';
import { ListQuery } from './list.query.js';

it.each([{}, { limit: '1' }, { limit: '200', cursor: 'a'.repeat(2_000) }])('a list takes %j', async (query) => {
  expect(await refusedFields(ListQuery, query, 'query')).toEqual([]);
});

it.each([
  ...['0', '201', '-1', '1.5', '2.5', 'ten', 'all', '', '1e1', '0x1', ['1', '2']].map((limit) => ['limit', limit]),
  ...[['a', 'b'], 'a'.repeat(2_001)].map((cursor) => ['cursor', cursor]),
  ['after', '1'],
])('a list refuses as %s: %.40j', async (field, value) => {
  expect(await refusedFields(ListQuery, { [field as string]: value }, 'query')).toEqual([field]);
});
