import { randomUUID } from 'node:crypto';
import { Databases } from '../../src/databases/databases.js';
import { parseDatabaseUrl } from '../../src/databases/database-url.js';
import { openDatabase } from '../../src/databases/open-database.js';
import type { EventFilter } from '../../src/event-log/event-filter.js';
import { LOG_SCHEMA } from '../../src/event-log/log-schema.js';
import { ChunkFiller } from '../../src/event-log/look-ups/chunk-filler.js';
import { CHUNK, decodePlaces, encodePlaces, keyOf } from '../../src/event-log/look-ups/postings.js';
import { LookUps1750002600000 } from '../../src/event-log/migrations/events/1750002600000-look-ups.js';
import { LookUpRebuild } from '../../src/operations/look-ups/look-up-rebuild.js';
import { LookUpChecks, readFilledChunks } from '../../src/operations/verify/look-up-checks.js';
import { Findings } from '../../src/operations/verify/finding.js';
import { times } from '../../src/conformance/samples.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
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
  const checked = async (): Promise<Findings> => {
    const findings = new Findings(10);
    const checks = new LookUpChecks(node.database.read, findings);
    for (let chunk = 0; chunk < (await filled()); chunk++) await checks.check(chunk);
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

  it('can be taken back by the migration', async () => {
    await fill();
    const { dataSource } = node.database.write;
    const runner = dataSource.createQueryRunner();

    // Nothing is filled in the meantime.
    await node.log.close();
    await new LookUps1750002600000().down(runner);
    await new LookUps1750002600000().up(runner);

    if (kind === 'postgres') await runner.release();
    expect(await filled()).toBe(0);
    await node.close();
    node = await open();
    expect(await found({ correlationId: 'request-7' })).toEqual([7]);
  });
});
