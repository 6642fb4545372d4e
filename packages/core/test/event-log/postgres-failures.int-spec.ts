import { randomUUID } from 'node:crypto';
import { firstValueFrom, timeout } from 'rxjs';
import { EventLogUnavailableError } from '../../src/event-log/event-log.errors.js';
import type { PostgresEventLog } from '../../src/event-log/postgres/postgres-event-log.js';
import { aStream, anEvent, someEvents, times, toStream, until, versionsOf } from '../../src/conformance/samples.js';
import { type CuttingProxy, startCuttingProxy } from '../support/cutting-proxy.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { connectionsTo } from '../support/side-connections.js';
import { type OpenLog, openLog } from './open-log.js';

/** Sessions of this database that wait for the lock of appends. Others share the server. */
const WAITING = `from pg_locks where locktype = 'advisory' and not granted
  and database = (select oid from pg_database where datname = current_database())`;

let database: TestDatabase;
let proxy: CuttingProxy;
let node: OpenLog;
let other: OpenLog;

beforeAll(async () => {
  database = await createTestDatabase('postgres');
  proxy = await startCuttingProxy(database.url, 'leftfold_append(');
  node = await openLog(proxy.url);
  other = await openLog(database.url);
});

afterAll(async () => {
  await node.close();
  await other.close();
  await proxy.close();
  await database.drop();
});

it.each(['request', 'reply'] as const)('stores a batch once when its %s is lost three times', async (cut) => {
  const streams = times(5, () => aStream());
  const cuts = proxy.cuts;
  for (let count = 0; count < 3; count++) proxy.cutNext(cut);

  const results = await Promise.all(
    streams.map((stream) => node.log.append([{ stream, expected: 0, events: someEvents(2) }])),
  );

  expect(proxy.cuts).toBe(cuts + 3);
  expect(results.map((each) => each.versions)).toEqual(streams.map((stream) => ({ [stream]: 2 })));
  for (const stream of streams) expect(await versionsOf(other.log, stream)).toEqual([1, 2]);
});

it.each(['request', 'reply'] as const)(
  "does not take another append's event for its own when the %s is lost",
  async (cut) => {
    const [stream, event] = [aStream(), anEvent({ eventId: randomUUID() })];
    await other.log.append(toStream(stream, event));
    const cuts = proxy.cuts;
    proxy.cutNext(cut);

    const attempt = node.log.append(toStream(stream, { ...event, schemaVersion: 2 }));

    await expect(attempt).rejects.toMatchObject({ name: 'EventIdTakenError', eventId: event.eventId });
    expect(proxy.cuts).toBe(cuts + 1);
    expect(await versionsOf(other.log, stream)).toEqual([1]);
  },
);

it('gives up once the server has been away for longer than the limit', async () => {
  const away = await startCuttingProxy(database.url, 'leftfold_append(');
  const impatient = await openLog(away.url, { reconnect: 100 });
  for (let count = 0; count < 200; count++) away.cutNext('request');

  const outcome = await impatient.log.append(toStream(aStream())).catch((error: unknown) => error);
  await impatient.close();
  await away.close();

  expect(outcome).toBeInstanceOf(EventLogUnavailableError);
  expect(away.cuts).toBeLessThan(200);
});

it('stores appends in the order of their calls, each once, when the connection ends with two batches under way', async () => {
  const streams = times(150, () => aStream());
  const admin = await connectionsTo(database.url).connect();
  await admin.query('begin');
  await admin.query('select pg_advisory_xact_lock($1)', [node.database.namespace.appendLock]);
  const appends = streams.map((stream) => node.log.append(toStream(stream)));
  await until(async () => (await countOf(`select ${WAITING}`)) === 1);

  await asAdmin(`select pg_terminate_backend(pid) ${WAITING}`);
  await admin.query('commit');
  admin.release();

  const positions = (await Promise.all(appends)).map(({ position }) => position);
  expect(positions).toEqual(positions.toSorted((one, next) => one - next));
  for (const stream of streams) expect(await versionsOf(other.log, stream)).toEqual([1]);
});

it('sends small second batches only while no other node appends', async () => {
  const log = node.log as PostgresEventLog;
  const alone = async () => {
    // Refused and repeated appends are none of another node.
    const [stream, commandId] = [aStream(), randomUUID()];
    await log.append(toStream(stream), { commandId });
    await log.append(toStream(stream), { commandId });
    await expect(log.append([{ stream, expected: 'no-stream', events: [anEvent()] }])).rejects.toThrow(stream);
    await log.append(toStream(aStream()));
  };
  // What others have appended before is forgotten.
  for (let count = 0; count < 8; count++) await alone();
  expect(log.secondBatchFrom).toBe(16);

  await other.log.append(toStream(aStream()));
  await log.append(toStream(aStream()));

  expect(log.secondBatchFrom).toBe(64);
});

it('opens a new connection when the server has ended the old one', async () => {
  const stream = aStream();
  await node.log.append(toStream(stream));

  await asAdmin(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like '%leftfold_append(%' and pid <> pg_backend_pid()`,
  );

  await expect(node.log.append([{ stream, expected: 1, events: [anEvent()] }])).resolves.toMatchObject({
    versions: { [stream]: 2 },
  });
});

it("waits for another node's append, and then checks against what it stored", async () => {
  const stream = aStream();
  const admin = await connectionsTo(database.url).connect();
  await admin.query('begin');
  await admin.query('select pg_advisory_xact_lock($1)', [node.database.namespace.appendLock]);
  const refused = node.log.append([{ stream, expected: 0, events: [anEvent()] }]).catch((error: unknown) => error);
  await until(async () => (await countOf(`select ${WAITING}`)) === 1);

  await admin.query(
    `insert into leftfold_events select max(position) + 1, $1, 1, gen_random_uuid(), 'x', 1, '{}', '{}', 'x', 'x', max(recorded_at), 0
       from leftfold_events`,
    [stream],
  );
  await admin.query('commit');

  expect(await refused).toMatchObject({ name: 'ConcurrencyError', actual: 1 });
  admin.release();
});

it('notifies other nodes of an append', async () => {
  const heard = firstValueFrom(other.log.appended$.pipe(timeout(10_000)));
  await until(
    async () =>
      (await countOf(`select from pg_stat_activity where query = 'listen ${node.database.namespace.channel}'`)) >= 1,
  );

  await node.log.append(toStream(aStream()));

  expect(await heard).toBeLessThanOrEqual(await other.log.head());
});

it('throws EventLogUnavailableError when it is closed', async () => {
  const closed = await openLog(database.url);
  await closed.close();

  await expect(closed.log.append(toStream(aStream()))).rejects.toThrow(EventLogUnavailableError);
});

it('stores appends in progress before it closes', async () => {
  const [closing, stream] = [await openLog(database.url), aStream()];

  const appends = times(50, () => closing.log.append(toStream(stream)));
  await closing.close();
  await Promise.all(appends);

  expect(await versionsOf(other.log, stream)).toHaveLength(50);
});

async function asAdmin(statement: string): Promise<number> {
  return (await connectionsTo(database.url).query(statement)).rowCount ?? 0;
}

const countOf = asAdmin;
