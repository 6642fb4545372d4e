import { randomUUID } from 'node:crypto';
import { Databases } from '../../src/databases/databases.js';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { openDatabase } from '../../src/databases/open-database.js';
import type { EventFilter } from '../../src/event-log/event-filter.js';
import { LOG_SCHEMA } from '../../src/event-log/log-schema.js';
import { preparedOn } from '../../src/databases/prepare.js';
import { ChunkFiller, eventsOfChunk } from '../../src/event-log/look-ups/chunk-filler.js';
import { OwnEvents } from '../../src/event-log/look-ups/own-events.js';
import { CHUNK, decodePlaces, encodePlaces, keyOf, placesByKey } from '../../src/event-log/look-ups/postings.js';
import { LookUps1750002600000 } from '../../src/event-log/migrations/events/1750002600000-look-ups.js';
import { PackLookUps1750003700000 } from '../../src/event-log/migrations/events/1750003700000-pack-look-ups.js';
import { LookUpRebuild } from '../../src/operations/look-ups/look-up-rebuild.js';
import { LookUpChecks, readFilledChunks } from '../../src/operations/verify/look-up-checks.js';
import { Findings } from '../../src/operations/verify/finding.js';
import { times } from '../../src/conformance/samples.js';
import { createTestDatabase, type DatabaseKind, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { runSql } from '../support/stored-rows.js';
import { type OpenLog, openLog } from './open-log.js';

/** Two chunks, and a tail that is in none. */
const HEAD = 2 * CHUNK + 100;
const ANN = 'ann';
/** Ann is the actor of every 100th event. */
const ANNS = times(HEAD, (index) => index + 1).filter((position) => position % 100 === 0);

async function append({ log }: OpenLog, from: number, to: number): Promise<void> {
  const events = times(to - from, (index) => ({
    type: `samples.type-${(from + index + 1) % 3}`,
    data: {},
    metadata: {
      actor: (from + index + 1) % 100 === 0 ? ANN : `user-${index % 40}`,
      correlationId: `request-${from + index + 1}`,
    },
  }));
  await log.append([{ stream: `order-${from}`, expected: 'no-stream', events }]);
}

/** A statement that stores so many events: each with a correlation id of its own, and one of 3,000 actors. */
function eventsOf(kind: DatabaseKind, count: number): string {
  const [id, numbers] =
    kind === 'postgres'
      ? ['gen_random_uuid()', `generate_series(1, ${count}) n(i)`]
      : [
          `printf('00000000-0000-7000-8000-%012x', i)`,
          `(with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count}) select i from n)`,
        ];
  return `insert into leftfold_events (position, stream, version, event_id, type, schema_version, data, metadata, actor,
      correlation_id, recorded_at, partition)
    select i, 'order-1', i, ${id}, 'samples.type-' || (i % 4), 1, '{}', '{}', 'user-' || (i % 3000), 'request-' || i, i, 0
      from ${numbers} order by i`;
}

describe.each(DATABASE_KINDS)('look-ups on %s', (kind) => {
  let database: TestDatabase;
  let node: OpenLog;

  beforeEach(async () => {
    database = await createTestDatabase(kind);
  });

  afterEach(async () => {
    await node?.close();
    await database.drop();
  });

  const found = async (filter: EventFilter): Promise<number[]> =>
    (await node.log.readAll({ after: 0, limit: 5_000, ...filter })).events.map(({ position }) => position);
  const filled = () => readFilledChunks(node.database.read);
  const checked = async (chunks?: readonly number[]): Promise<Findings> => {
    const findings = new Findings(10);
    const checks = new LookUpChecks(node.database.read, findings);
    for (const chunk of chunks ?? times(await filled(), (index) => index)) await checks.check(chunk);
    return findings;
  };
  const open = () => openLog(database.url, { quietLookUps: 20 });
  const fill = async (): Promise<void> => {
    node = await open();
    await append(node, 0, HEAD);
    await eventually(async () => expect(await filled()).toBe(2));
  };
  const change = (sql: string) => node.database.write.transaction((manager) => manager.query(sql));

  it('are filled after the commit, and reads find the tail as well', async () => {
    await fill();

    expect(await found({ actor: ANN })).toEqual(ANNS);
    expect(await found({ actor: ANN, types: ['samples.type-0', 'samples.unknown'] })).toEqual(
      ANNS.filter((position) => position % 3 === 0),
    );
    for (const position of [1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1, HEAD]) {
      expect(await found({ correlationId: `request-${position}` })).toEqual([position]);
    }
    expect(await found({ category: 'order' })).toHaveLength(HEAD);
    expect((await checked()).kept).toEqual([]);
  });

  it('have the same content when two nodes fill them at once', async () => {
    node = await open();
    await append(node, 0, HEAD);

    await Promise.all(times(4, () => new ChunkFiller(node.database).fill()));

    expect(await filled()).toBe(2);
    expect((await checked()).kept).toEqual([]);
    expect(await found({ actor: ANN })).toEqual(ANNS);
  });

  it('may name events of another value, which a read leaves out', async () => {
    await fill();
    const all = encodePlaces(times(CHUNK, (place) => place));

    await change(`update leftfold_look_ups set places = '${all}' where key = ${keyOf('actor', ANN)}`);

    expect(await found({ actor: ANN })).toEqual(ANNS);
    const { events } = await node.log.readBackwards({ actor: ANN, limit: 3 });
    expect(events.map(({ position }) => position)).toEqual(ANNS.slice(-3).toReversed());
    expect((await checked()).kept).toEqual([]);
  });

  it.each([
    ['a lost row', `delete from leftfold_look_ups where chunk = 1 and key = ${keyOf('actor', ANN)}`],
    ['lost events', `update leftfold_look_ups set places = '75' where chunk = 1 and key = ${keyOf('actor', ANN)}`],
  ])('are found incomplete by a verification, and filled again by a rebuild: %s', async (_what, damage) => {
    await fill();
    // The node itself fills nothing in the meantime.
    await node.log.close();
    expect(decodePlaces('75')).toHaveLength(1);
    await change(damage);
    expect(await found({ actor: ANN })).not.toEqual(ANNS);

    expect((await checked()).kept).toMatchObject([{ check: 'look-ups', position: CHUNK + 1 }]);
    const progress: number[] = [];
    const rebuilt = await new LookUpRebuild(new Databases(node.database, node.database), node.log).run({
      onProgress: (events) => progress.push(events),
    });

    expect(rebuilt).toBe(2 * CHUNK);
    expect(progress).toEqual([CHUNK, 2 * CHUNK]);
    expect((await checked()).kept).toEqual([]);
    expect(await found({ actor: ANN })).toEqual(ANNS);
  });

  it('are filled for a log of the version before, which serves in the meantime', async () => {
    const before = await openDatabase('events', parseDatabaseUrl(database.url), {
      entities: LOG_SCHEMA.entities,
      migrations: LOG_SCHEMA.migrations.slice(0, LOG_SCHEMA.migrations.indexOf(LookUps1750002600000)),
    });
    await before.close();
    const rows = times(HEAD, (index) => {
      const position = index + 1;
      return `(${position}, 'order-1', ${position}, '${randomUUID()}', 'samples.type-${position % 3}', 1, '{}', '{}',
               '${position % 100 === 0 ? ANN : 'bob'}', 'request-${position}', ${position}, 0)`;
    });
    await runSql(
      database.url,
      `insert into leftfold_events (position, stream, version, event_id, type, schema_version, data, metadata, actor,
         correlation_id, recorded_at, partition) values ${rows.join(', ')}`,
    );

    node = await open();

    expect(await found({ actor: ANN })).toEqual(ANNS);
    await eventually(async () => expect(await filled()).toBe(2));
    expect(await found({ actor: ANN })).toEqual(ANNS);
    expect(await found({ correlationId: 'request-1500' })).toEqual([1500]);
    expect((await checked()).kept).toEqual([]);
  });

  it('are merged behind each 64 chunks, also when they are filled anew, and are found and verified all the time', async () => {
    const chunks = 69;
    const checkedChunks = [0, 40, 63, 64, 68];
    node = await open();
    await node.log.close();
    await runSql(database.url, eventsOf(kind, chunks * CHUNK));
    const asked = [1, 700, 40 * CHUNK, 64 * CHUNK, 64 * CHUNK + 1, chunks * CHUNK];
    const sound = async (): Promise<void> => {
      for (const position of asked) expect(await found({ correlationId: `request-${position}` })).toEqual([position]);
      expect(await found({ actor: 'user-5', types: ['samples.type-1'] })).toEqual(
        times(chunks * CHUNK, (index) => index + 1).filter((each) => each % 3_000 === 5 && each % 4 === 1),
      );
      const { events } = await node.log.readBackwards({ limit: 5, actor: 'user-5', types: ['samples.type-1'] });
      expect(events.map(({ position }) => position % 3_000)).toEqual([5, 5, 5, 5, 5]);
      expect((await checked(checkedChunks)).kept).toEqual([]);
    };
    const size = async (): Promise<unknown> =>
      node.database.read.query(
        'select count(*) as n, sum(length(places)) as length, min(key) as key from leftfold_look_ups where key < 0',
      );
    await new ChunkFiller(node.database).fill();
    await sound();
    const before = await size();
    const packedRows = { low: 5 * 32, high: 5 * 32 + 2_048 };
    const [{ n }] = before as [{ n: number | string }];
    expect(Number(n)).toBeGreaterThan(packedRows.low);
    expect(Number(n)).toBeLessThanOrEqual(packedRows.high);

    const rebuild = new LookUpRebuild(new Databases(node.database, node.database), node.log);
    await rebuild.run();
    await sound();
    expect(await size()).toEqual(before);

    await change("update leftfold_look_ups set places = 'AAAAAAABAAAA' where key < -32");
    expect((await checked(checkedChunks)).kept).toMatchObject([
      { position: 1 },
      { position: 40 * CHUNK + 1 },
      { position: 63 * CHUNK + 1 },
    ]);
    await rebuild.run();
    await sound();
  });

  it('go on behind those of a node of the version before, which has a row for each value', async () => {
    await fill();
    await node.log.close();
    const events = await eventsOfChunk(preparedOn(node.database.read), 0);
    await change('delete from leftfold_look_ups where chunk = 0 or key < 0');
    for (const [key, places] of placesByKey(events)) {
      await change(`insert into leftfold_look_ups (key, chunk, places) values (${key}, 0, '${encodePlaces(places)}')`);
    }
    await change('update leftfold_event_log set look_up_chunks = 1, packed_chunks = 0');

    await new ChunkFiller(node.database).fill();

    const [state] = await node.database.read.query<{ look_up_chunks: number; packed_chunks: number }[]>(
      'select look_up_chunks, packed_chunks from leftfold_event_log',
    );
    expect(state).toEqual({ look_up_chunks: 1, packed_chunks: 2 });
    expect((await checked()).kept).toEqual([]);
    for (const position of [7, CHUNK, CHUNK + 1]) {
      expect(await found({ correlationId: `request-${position}` })).toEqual([position]);
    }
  });

  it('can be taken back by the migration', async () => {
    await fill();
    const { dataSource } = node.database.write;
    const runner = dataSource.createQueryRunner();

    // Nothing is filled in the meantime.
    await node.log.close();
    await new PackLookUps1750003700000().down(runner);
    await new LookUps1750002600000().down(runner);
    await new LookUps1750002600000().up(runner);
    await new PackLookUps1750003700000().up(runner);

    if (kind === 'postgres') await runner.release();
    expect(await filled()).toBe(0);
    await node.close();
    node = await open();
    expect(await found({ correlationId: 'request-7' })).toEqual([7]);
  });
});

it('are read from the log after the connection for appends was lost: it may have been restored from a backup', async () => {
  const database = await createTestDatabase('postgres');
  const node = await openLog(database.url);
  const taken = jest.spyOn(OwnEvents.prototype, 'take');
  await append(node, 0, 1_000);
  await runSql(
    database.url,
    // Each is waited for, in ms.
    'select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  // Its first try fails if the loss is noticed only then, and what a second try stores is read from the log.
  await append(node, 1_000, 1_001);
  await append(node, 1_001, 3_000);
  await eventually(async () => expect(await readFilledChunks(node.database.read)).toBe(2));
  const chunks = await Promise.all(taken.mock.results.map(({ value }) => value as ReturnType<OwnEvents['take']>));
  taken.mockRestore();
  expect(chunks.slice(0, 2).map((events) => events?.length)).toEqual([undefined, CHUNK]);
  await node.close();
  await database.drop();
});
