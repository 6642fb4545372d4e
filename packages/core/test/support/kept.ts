import type { EventLog } from '../../src/index.js';
import type { DatabaseKind } from './databases.js';

/** Statements after which events can be changed, as they are in a log that was restored from a backup. */
export const ALLOW_CHANGES: Record<DatabaseKind, string[]> = {
  sqlite: ['drop trigger leftfold_events_are_not_updated', 'drop trigger leftfold_events_are_not_deleted'],
  postgres: ['alter table leftfold_events disable trigger all'],
};

/** Counts the rows of each read for a fold from now on. */
export function rowsRead(log: EventLog): { rows: () => number[] } {
  const rows: number[] = [];
  const read = log.readPayloads.bind(log);
  const spy = jest.spyOn(log, 'readPayloads').mockImplementation(async (...asked) => {
    const page = await read(...asked);
    rows.push(page.events.length);
    return page;
  });
  return {
    rows: () => {
      spy.mockRestore();
      return rows;
    },
  };
}
