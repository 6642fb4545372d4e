import { type EventRow, RecordedEvent } from '../../../src/event-log/recorded-event.js';
import { runSql } from '../../support/stored-rows.js';

/** Every event of an app's log, in order, read beside the app. */
export async function readLog(url: string): Promise<RecordedEvent[]> {
  const rows = await runSql(url, 'select * from leftfold_events order by position');
  return rows.map((row) => new RecordedEvent(row as unknown as EventRow));
}
