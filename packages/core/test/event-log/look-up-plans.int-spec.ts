import type { EventFilter } from '../../src/event-log/event-filter.js';
import { ChunkFiller } from '../../src/event-log/look-ups/chunk-filler.js';
import { CHUNK } from '../../src/event-log/look-ups/postings.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { runSql } from '../support/stored-rows.js';
import { fillLargeLog, HEAD, RARE, RARE_EVENTS } from './large-log.js';
import { openLog, type OpenLog } from './open-log.js';
import { planOf, type Statement, statementsOf } from './query-plans.js';

const LIMIT = 50;
/** Rows that one statement may read: a chunk of the log, and the page that it returns. */
const MOST_ROWS = CHUNK + LIMIT;

const NOBODY = 'nobody';
const FILTERS: Readonly<Record<string, EventFilter>> = {
  'no filter': {},
  type: { types: [RARE.type] },
  'a frequent type': { types: ['samples.type-0'] },
  'an unknown type': { types: ['samples.unknown'] },
  'a renamed type': { types: ['samples.renamed', RARE.type, 'samples.renamed-again'] },
  'several frequent types': { types: ['samples.type-0', 'samples.type-1'] },
  'several unknown types': { types: ['samples.unknown', 'samples.unknown-too'] },
  'a renamed type in a frequent category': { types: [RARE.type, 'samples.renamed'], category: 'order' },
  category: { category: RARE.category },
  'an unknown category': { category: 'unknown' },
  actor: { actor: RARE.actor },
  'a frequent actor': { actor: 'anonymous' },
  'an unknown actor': { actor: NOBODY },
  'correlation id': { correlationId: RARE.correlationId },
  'an unknown correlation id': { correlationId: NOBODY },
  'type and category': { types: [RARE.type], category: 'order' },
  'several types': { types: [RARE.type, 'samples.type-1', 'samples.unknown'] },
  'an actor and a type that never meet': { actor: 'user-1', types: ['samples.type-0'] },
  'actor and type': { actor: RARE.actor, types: [RARE.type] },
  'a frequent type in half of the partitions': { types: ['samples.type-0'], partitions: { first: 0, last: 511 } },
  'several types in half of the partitions': {
    types: ['samples.type-0', 'samples.type-1'],
    partitions: { first: 512, last: 1023 },
  },
  'all of them': { actor: RARE.actor, correlationId: RARE.correlationId, types: [RARE.type], category: 'order' },
};

describe.each(DATABASE_KINDS)(`lookups among ${HEAD} events on %s`, (kind) => {
  let database: TestDatabase;
  let open: OpenLog;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    open = await openLog(database.url);
    await fillLargeLog(open.log);
    await new ChunkFiller(open.database).fill();
    // Autovacuum would do this a minute later.
    if (kind === 'postgres') await runSql(database.url, 'analyze leftfold_events');
  });

  afterAll(async () => {
    await open?.close();
    await database?.drop();
  });

  const expectCheap = async (statements: readonly Statement[], name: string): Promise<void> => {
    expect(statements.length).toBeGreaterThan(0);
    for (const statement of statements) {
      const plan = await planOf(database.url, statement);
      expect({ name, scans: plan.scans, tooMany: plan.rows > MOST_ROWS }).toEqual({ name, scans: [], tooMany: false });
    }
  };

  it.each(Object.entries(FILTERS))('reads no more than it has to: %s', async (name, filter) => {
    for (const after of [0, HEAD / 2]) {
      await expectCheap(
        await statementsOf(open, () => open.log.readAll({ after, limit: LIMIT, ...filter })),
        `${name}, after ${after}`,
      );
    }
    for (const before of [HEAD + 1, HEAD / 2]) {
      await expectCheap(
        await statementsOf(open, () => open.log.readBackwards({ before, limit: LIMIT, ...filter })),
        `${name}, before ${before}`,
      );
    }
  });

  it('finds a time in as many steps as a number of this size has bits', async () => {
    const [event] = (await open.log.readAll({ after: HEAD / 2, limit: 1 })).events;

    const statements = await statementsOf(open, () => open.log.positionAt(event!.recordedAt));

    for (const statement of statements) {
      const plan = await planOf(database.url, statement);
      expect(plan.scans).toEqual([]);
      expect(plan.rows).toBeLessThan(10 * Math.ceil(Math.log2(HEAD)));
    }
  });

  it('reads only necessary rows: a time and a type', async () => {
    const [event] = (await open.log.readAll({ after: HEAD / 2, limit: 1 })).events;
    const filter = {
      from: event!.recordedAt,
      to: new Date(event!.recordedAt.getTime() + 50),
      types: ['samples.type-1'],
    };

    const statements = await statementsOf(open, () => open.log.readAll({ after: 0, limit: LIMIT, ...filter }));

    await expectCheap(statements, 'a time and a type');
  });

  it('reads one stream by its versions', async () => {
    const statements = await statementsOf(open, async () => {
      for await (const _ of open.log.readStream(`${RARE.category}-20`, { fromVersion: 700, limit: LIMIT }));
    });

    await expectCheap(statements, 'a stream');
  });

  it('lists streams, and finds one, without reading their events', async () => {
    const names = (await open.log.listStreams({ limit: LIMIT })).map(({ stream }) => stream);
    expect(names).toHaveLength(HEAD / 1_000);

    for (const options of [{}, { category: 'order' }, { prefix: 'order-1' }, { after: 'order-1' }]) {
      await expectCheap(await statementsOf(open, () => open.log.listStreams({ limit: LIMIT, ...options })), 'streams');
    }
    await expectCheap(await statementsOf(open, () => open.log.findStream(names[7]!)), 'one stream');
  });

  it('finds events by their ids', async () => {
    const { events } = await open.log.readAll({ after: HEAD / 2, limit: LIMIT });

    const statements = await statementsOf(open, () => open.log.readEvents(events.map(({ eventId }) => eventId)));

    await expectCheap(statements, 'ids');
  });

  it('finds all rare events', async () => {
    const renamed = ['samples.renamed', RARE.type, RARE.type];
    for (const filter of [
      { types: [RARE.type] },
      { types: renamed },
      { actor: RARE.actor },
      { correlationId: RARE.correlationId },
    ]) {
      const { events, upTo } = await open.log.readAll({ after: 0, limit: 1_000, ...filter });
      expect([events.length, upTo]).toEqual([RARE_EVENTS, HEAD]);
      const back = await open.log.readBackwards({ limit: 1_000, ...filter });
      expect(back.events.map(({ position }) => position)).toEqual(events.map(({ position }) => position).toReversed());
    }
  });
});
