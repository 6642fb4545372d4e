import { setImmediate as nextTurn } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { SqliteStatements } from '../../src/databases/sqlite-statements.js';
import { EventLogUnavailableError } from '../../src/event-log/event-log.errors.js';
import { aStream, anEvent, times, toStream, versionsOf } from '../../src/conformance/samples.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { type OpenLog, openLog } from './open-log.js';

let database: TestDatabase;
let node: OpenLog;
let file: Sqlite.Database;

beforeAll(async () => {
  database = await createTestDatabase('sqlite');
  node = await openLog(database.url);
  file = new Sqlite(database.url.slice('sqlite:'.length), { timeout: 5_000 });
});

afterAll(async () => {
  file.close();
  await node.close();
  await database.drop();
});

it('waits while another process writes, keeps reading, and does not block its own process', async () => {
  const stream = aStream();
  await node.log.append(toStream(stream));
  file.exec('begin immediate');
  const attempts = countBegins(node);
  let settled = false;
  const waiting = node.log.append(toStream(stream)).finally(() => (settled = true));

  // Of the turns of the event loop with an attempt: a busy machine makes some of them long.
  let shortest = Infinity;
  for (let [last, before] = [Date.now(), 0]; before < 10; last = Date.now()) {
    await new Promise((resolve) => setImmediate(resolve));
    if (attempts() > before) shortest = Math.min(shortest, Date.now() - last);
    before = attempts();
  }
  expect(await versionsOf(node.log, stream)).toEqual([1]);
  expect(settled).toBe(false);
  file.exec('commit');

  await expect(waiting).resolves.toMatchObject({ versions: { [stream]: 2 } });
  // SQLite itself waits 5 ms at a time; seconds would mean that this thread waits for the lock.
  expect(shortest).toBeLessThan(1_000);
});

it('checks against what the other process stored', async () => {
  const stream = aStream();
  file.exec('begin immediate');
  const refused = node.log.append([{ stream, expected: 0, events: [anEvent()] }]).catch((error: unknown) => error);

  file
    .prepare(
      `insert into leftfold_events select coalesce(max(position), 0) + 1, ?, 1, ?, 'x', 1, '{}', '{}', 'x', 'x', 0, 0 from leftfold_events`,
    )
    .run(stream, stream);
  file.exec('commit');

  expect(await refused).toMatchObject({ name: 'ConcurrencyError', actual: 1 });
});

it('throws EventLogUnavailableError for all waiting appends within one shared time limit', async () => {
  const limit = 1_000;
  const hasty = await openLog(database.url, { otherWriter: limit });
  // It looks at once for look-ups to fill, and this connection would stop its transaction.
  await nextTurn();
  file.exec('begin immediate');
  const began = Date.now();

  const outcomes = await Promise.allSettled(times(20, () => hasty.log.append(toStream(aStream()))));

  file.exec('rollback');
  for (const each of outcomes) {
    expect(each).toMatchObject({ status: 'rejected', reason: expect.any(EventLogUnavailableError) as unknown });
  }
  expect(Date.now() - began).toBeLessThan(10 * limit);
  await expect(hasty.log.append(toStream(aStream()))).resolves.toBeDefined();
  await hasty.close();
});

it('throws EventLogUnavailableError when it is closed, after it has stored appends in progress', async () => {
  const [closing, stream] = [await openLog(database.url), aStream()];

  const appends = times(50, () => closing.log.append(toStream(stream)));
  await closing.close();

  await expect(Promise.all(appends)).resolves.toHaveLength(50);
  await expect(closing.log.append(toStream(stream))).rejects.toThrow(EventLogUnavailableError);
  expect(await versionsOf(node.log, stream)).toHaveLength(50);
});

function countBegins({ database }: OpenLog): () => number {
  const begin = SqliteStatements.on(database.write.dataSource).of('BEGIN IMMEDIATE');
  const run = jest.spyOn(begin, 'run');
  return () => run.mock.calls.length;
}
