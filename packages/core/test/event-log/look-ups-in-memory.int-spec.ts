import { times } from '../../src/conformance/samples.js';
import type { DatabaseLimits } from '../../src/databases/database-limits.js';
import { ChunkFiller } from '../../src/event-log/look-ups/chunk-filler.js';
import { CHUNK } from '../../src/event-log/look-ups/postings.js';
import { RecentPostings } from '../../src/event-log/look-ups/recent-postings.js';
import { OwnEvents } from '../../src/event-log/look-ups/own-events.js';
import { RecentLookUps } from '../../src/event-log/sqlite/recent-look-ups.js';
import { Findings } from '../../src/operations/verify/finding.js';
import { LookUpChecks, readFilledChunks } from '../../src/operations/verify/look-up-checks.js';
import { createTestDatabase, type TestDatabase } from '../support/databases.js';
import { eventually } from '../support/eventually.js';
import { watchingReads } from '../support/watched-reads.js';
import { type OpenLog, openLog } from './open-log.js';

/** Chunks that are stored together. */
const TOGETHER = 3;
const HOUR = 3_600_000;

describe('look-ups in memory on SQLite', () => {
  let database: TestDatabase;
  let node: OpenLog;
  let head: number;

  beforeEach(async () => {
    database = await createTestDatabase('sqlite');
    node = await open();
    head = 0;
  });

  afterEach(async () => {
    await node.close();
    await database.drop();
  });

  const open = (limits: Partial<DatabaseLimits> = {}): Promise<OpenLog> =>
    openLog(database.url, { lookUpsTogether: TOGETHER, quietLookUps: HOUR, ...limits });
  const stored = () => readFilledChunks(node.database.read);
  const append = async (amount: number): Promise<void> => {
    const events = times(amount, (index) => ({
      type: `samples.type-${(head + index + 1) % 3}`,
      data: {},
      metadata: {
        actor: (head + index + 1) % 100 === 0 ? 'ann' : `user-${index % 40}`,
        correlationId: `request-${head + index + 1}`,
      },
    }));
    await node.log.append([{ stream: `order-${head}`, expected: 'no-stream', events }]);
    head += amount;
  };
  /** Every read with a filter is as right as a search through all events. */
  const expectRightReads = async (): Promise<void> => {
    const anns = times(head, (index) => index + 1).filter((position) => position % 100 === 0);
    const { events } = await node.log.readAll({ after: 0, limit: 10_000, actor: 'ann' });
    expect(events.map(({ position }) => position)).toEqual(anns);
    const latest = await node.log.readBackwards({
      limit: 50,
      actor: 'ann',
      types: ['samples.type-0', 'samples.type-1'],
    });
    expect(latest.events.map(({ position }) => position)).toEqual(
      anns
        .filter((position) => position % 3 < 2)
        .toReversed()
        .slice(0, 50),
    );
    for (const position of [1, head - CHUNK + 1, head - CHUNK, head - 1, head].filter((each) => each > 0)) {
      const found = await node.log.readAll({ after: 0, limit: 2, correlationId: `request-${position}` });
      expect(found.events.map((event) => event.position)).toEqual([position]);
    }
  };
  const expectAllStored = async (): Promise<void> => {
    await eventually(async () => expect(await stored()).toBe(Math.floor(head / CHUNK)));
    const findings = new Findings(10);
    const checks = new LookUpChecks(node.database.read, findings);
    for (let chunk = 0; chunk < (await stored()); chunk++) await checks.check(chunk);
    expect(findings.kept).toEqual([]);
  };
  /** No read has to search through the events of a full chunk. */
  const expectAllRead = (): Promise<void> =>
    eventually(async () => {
      let rows = 0;
      const read = () => node.log.readAll({ after: 0, limit: 2, correlationId: 'request-1' });
      await watchingReads(node.database, (statement) => (rows += statement.rows), read);
      expect(rows).toBeLessThan(5);
    });
  const reopen = async (limits: Partial<DatabaseLimits>): Promise<void> => {
    await node.close();
    node = await open(limits);
  };

  it('are found while they are stored, three chunks at a time', async () => {
    const seen = new Set<number>();
    for (let chunk = 0; chunk < 4 * TOGETHER; chunk++) {
      await append(CHUNK - (chunk % 2));
      await expectRightReads();
      seen.add(await stored());
    }
    expect([...seen].every((chunks) => chunks % TOGETHER === 0)).toBe(true);
    await eventually(async () => expect(await stored()).toBeGreaterThanOrEqual(2 * TOGETHER));
    await reopen({ quietLookUps: 1 });
    await expectAllStored();
    await expectRightReads();
  });

  it('spare reads a search through the events that they have', async () => {
    for (let chunk = 0; chunk < TOGETHER - 1; chunk++) await append(CHUNK);
    await expectAllRead();
    expect(await stored()).toBe(0);
  });

  it('are not said to be stored when another process begins anew', async () => {
    for (let chunk = 0; chunk < TOGETHER - 1; chunk++) await append(CHUNK);
    const recent = new RecentPostings();
    const filling = new RecentLookUps(node.database, recent, new OwnEvents(), new ChunkFiller(node.database));
    for (let chunk = 0; chunk < TOGETHER - 1; chunk++) await filling.step();
    expect(recent.current.chunks).toHaveLength(TOGETHER - 1);
    // The other process has filled the first one so far.
    await node.database.write.statement('update leftfold_event_log set look_up_chunks = 1, packed_chunks = 1', []);
    while (await filling.rest());
    expect(await stored()).toBe(1);
  });

  it('are read again from the events after a crash amid a share, and stored when nothing is appended', async () => {
    for (let chunk = 0; chunk < TOGETHER + 1; chunk++) await append(CHUNK);
    const crashed = node;
    node = await open();
    expect(await stored()).toBe(0);
    await expectRightReads();
    await crashed.database.close();
    await reopen({ quietLookUps: 1 });
    await expectAllStored();
    await expectRightReads();
  });

  it('are stored at a stop, so that the next start has nothing to read again', async () => {
    for (let chunk = 0; chunk < TOGETHER + 1; chunk++) await append(CHUNK);
    await expectAllRead();
    await reopen({});
    expect(await stored()).toBe(TOGETHER + 1);
    await expectAllStored();
  });

  it('agree with another process that stores the same chunks meanwhile, or begins anew', async () => {
    for (let chunk = 0; chunk < TOGETHER + 1; chunk++) await append(CHUNK);
    await new ChunkFiller(node.database).fill();
    await append(CHUNK);
    await expectRightReads();
    await node.database.write.statement('update leftfold_event_log set look_up_chunks = 0, packed_chunks = 0', []);
    for (let chunk = 0; chunk < 2 * TOGETHER; chunk++) await append(CHUNK);
    await expectRightReads();
    await reopen({ quietLookUps: 1 });
    await expectAllStored();
  });

  it('are stored chunk by chunk when they are far behind', async () => {
    await node.log.close();
    const other = await open({ lookUpsTogether: 100 });
    const before = node;
    node = other;
    for (let chunk = 0; chunk < 2 * TOGETHER + 2; chunk++) await append(CHUNK);
    await other.close();
    await before.database.close();
    node = await open();
    // Two chunks by two transactions, and what is left stays in memory.
    await eventually(async () => expect(await stored()).toBeGreaterThanOrEqual(2));
    await expectRightReads();
  });
});
