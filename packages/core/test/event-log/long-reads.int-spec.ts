import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { openDatabase } from '../../src/databases/open-database.js';
import { LOG_SCHEMA } from '../../src/event-log/log-schema.js';
import { openEventLog } from '../../src/event-log/open-event-log.js';
import { withAnyTag } from '../../src/events/event-query.js';
import { createTestDatabase } from '../support/databases.js';

const EVENTS = 6_000;
/** The most events processed before the loop yields. */
const PAGE = 500;

it('eight readers of a long stream yield to the event loop after each page', async () => {
  const database = await createTestDatabase('sqlite');
  const events = await openDatabase('events', parseDatabaseUrl(database.url), LOG_SCHEMA);
  const log = await openEventLog(events, { eventSizeLimit: 1_000 });
  const some = Array.from({ length: EVENTS }, () => ({
    type: 'samples.happened',
    data: {},
    tags: [{ name: 'of', value: 'all' }],
  }));
  await log.append([{ stream: 'sample-1', expected: 'no-stream', events: some }]);

  const read = { events: 0, most: 0 };
  const count = async (slices: AsyncIterable<unknown>): Promise<void> => {
    for await (const _ of slices) read.events += 1;
  };
  const readers = Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      count(index % 2 ? log.readStream('sample-1') : log.readTagged(withAnyTag([{ name: 'of', value: 'all' }]))),
    ),
  );
  // Each read begins with a page at once.
  await nextTurn();
  for (let before = read.events; read.events < 8 * EVENTS; before = read.events) {
    await nextTurn();
    read.most = Math.max(read.most, read.events - before);
  }
  await readers;

  expect(read.events).toBe(8 * EVENTS);
  expect(read.most).toBeLessThanOrEqual(2 * PAGE);
  await log.close();
  await events.close();
  await database.drop();
});
