import { type KeyedBy, type Row, type Store, WrongResultError } from '../contract.js';
import { expectedRows, type Part } from './dataset.js';

/**
 * A read model that has caught up: its rows are right, and its checkpoint is at the head, so that a restart handles no event again.
 * @throws WrongResultError
 */
export async function checkReadModel(store: Store, by: KeyedBy, part: Part): Promise<void> {
  checkRows(await store.rows!(by), by, part);
  const lag = await store.lag!(by);
  if (lag !== 0) throw new WrongResultError(`the checkpoint is late: a restart would handle ${lag} events again`);
}

/** @throws WrongResultError */
export function checkRows(rows: readonly Row[], by: KeyedBy, part: Part): void {
  const expected = expectedRows(part, by);
  if (rows.length !== expected.size) throw new WrongResultError(`${rows.length} rows, not ${expected.size}`);
  for (const { key, events, total, last } of rows) {
    const row = JSON.stringify({ key, events, total, last });
    const right = JSON.stringify(expected.get(key));
    if (row !== right) throw new WrongResultError(`a row is ${row}, not ${right}`);
  }
}
