import { batches, expectedRows, keyOf } from './dataset.js';
import { chosen } from './workloads.js';

it.each([
  [['W1'], ['W1']],
  [['W2'], ['W2', 'W2-1000']],
  [['W6'], ['W6a', 'W6b', 'W6c', 'W6r']],
  [
    ['W6a', 'W3'],
    ['W3', 'W6a'],
  ],
])('%j chooses %j', (only, ids) => {
  expect(chosen(only, false).map(({ id }) => id)).toEqual(ids);
});

it('fills each stream with all of its versions in order', () => {
  const versions = new Map<string, number[]>();
  for (const entries of batches({ streams: 30, events: 70 })) {
    for (const { stream, expected } of entries) versions.set(stream, [...(versions.get(stream) ?? []), expected + 1]);
  }

  const all = Array.from({ length: 70 }, (_, index) => index + 1);
  expect([...versions.values()]).toEqual(Array.from({ length: 30 }, () => all));
});

it.each(['stream', 'field', 'composite'] as const)('knows the rows of a read model by %s', (by) => {
  const part = { streams: 40, events: 3 };
  const entries = [...batches(part)].flat();
  const rows = expectedRows(part, by);

  for (const { key, events, total } of rows.values()) {
    const own = entries.filter(({ data }) => keyOf(data, by) === key);
    expect({ events, total }).toEqual({
      events: own.length,
      total: own.reduce((sum, { data }) => sum + data.amount, 0),
    });
  }
});
