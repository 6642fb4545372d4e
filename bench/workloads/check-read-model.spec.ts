import { type Row, type Store, WrongResultError } from '../contract.js';
import { checkReadModel } from './check-read-model.js';
import { expectedRows } from './dataset.js';

const PART = { streams: 4, events: 3 };
const ROWS: Row[] = [...expectedRows(PART, 'stream').values()];

function storeOf(rows: Row[], lag = 0): Store {
  return { rows: async () => rows, lag: async () => lag } as Partial<Store> as Store;
}

it('accepts a read model that has caught up', async () => {
  await expect(checkReadModel(storeOf(ROWS), 'stream', PART)).resolves.toBeUndefined();
});

it.each([
  ['a row is missing', storeOf(ROWS.slice(1))],
  ['an event is counted twice', storeOf(ROWS.with(0, { ...ROWS[0]!, events: 4 }))],
  ['a total is wrong', storeOf(ROWS.with(1, { ...ROWS[1]!, total: 0 }))],
  ['the last event is another one', storeOf(ROWS.with(2, { ...ROWS[2]!, last: ROWS[3]!.last }))],
  ['a row has another key', storeOf(ROWS.with(3, { ...ROWS[3]!, key: 'elsewhere' }))],
  ['a restart would handle events again', storeOf(ROWS, 2)],
])('is a wrong result when %s', async (_, store) => {
  await expect(checkReadModel(store, 'stream', PART)).rejects.toBeInstanceOf(WrongResultError);
});
