import { createTestDatabase, DATABASE_KINDS } from '../support/databases.js';
import { runSql } from '../support/stored-rows.js';
import { openLog } from './open-log.js';

it.each(DATABASE_KINDS)('the view of readable events on %s has JSON and times', async (kind) => {
  const database = await createTestDatabase(kind);
  const opened = await openLog(database.url);
  try {
    const metadata = { actor: 'ann', custom: { note: 'n' } };
    const events = [{ type: 'orders.placed', data: { orderId: 'o-1', sealed: 'AbC=' }, metadata }];
    await opened.log.append([{ stream: 'order-1-a', expected: 0, events }]);
    const { events: stored } = await opened.log.readAll({ after: 0, limit: 1 });
    const [row] = await runSql(
      database.url,
      `select v.*, data->>'orderId' as order_id, metadata->'custom'->>'note' as note from leftfold_events_readable v
        where recorded_at > '2020-01-01' and category = 'order'`,
    );
    expect(row).toMatchObject({ stream: 'order-1-a', actor: 'ann', order_id: 'o-1', note: 'n' });
    expect(new Date(row!.recorded_at as string)).toEqual(stored[0]!.recordedAt);
    expect(typeof row!.data === 'string' ? JSON.parse(row!.data) : row!.data).toEqual({
      orderId: 'o-1',
      sealed: 'AbC=',
    });
  } finally {
    await opened.close();
    await database.drop();
  }
});
