import { type RecordedEvent, withAnyTag } from '@leftfold/core';
import { type OpenLog, openLog } from '../event-log/open-log.js';
import { killLeftovers } from '../support/app-process.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../support/databases.js';
import { runSql } from '../support/stored-rows.js';
import { killWhileAppending, Testimony } from './support/appending.js';
import { expectNobodyAppends, expectNoHoles } from './support/expect-log.js';
import { type PlannedAppend, type Report, sendable } from './support/planned-append.js';
import { roundsOf, seedOf } from './support/seed.js';

const ROUNDS = roundsOf(1);
const PROCESSES = 2;
/** Number of stored appends after which a process is killed. */
const [FEWEST, MOST] = [10, 120];

describe.each(DATABASE_KINDS)('processes that are killed while they append to %s', (kind) => {
  let database: TestDatabase;
  let node: OpenLog;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    node = await openLog(database.url);
  });

  afterAll(async () => {
    await killLeftovers();
    await node.close();
    await database.drop();
  });

  it('leave all acknowledged appends complete, and no gaps', async () => {
    const seed = seedOf(`kill while appending, ${kind}`);
    const reports: Report[] = [];
    const repeats = { stored: 0, notStored: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const killed = await Promise.all(
        Array.from({ length: PROCESSES }, () =>
          killWhileAppending(database.url, seed.between(0, 2 ** 31), seed.between(FEWEST, MOST)),
        ),
      );
      for (const each of killed) {
        for (const append of new Testimony(each).inFlight) await repeat(append, repeats);
        reports.push(...each);
      }
    }
    await expectNobodyAppends(database);

    const all = new Testimony(reports);
    const events = await everything();
    seed.print(
      `${ROUNDS * PROCESSES} processes killed, ${all.stored.length} appends acknowledged, ${all.refused.length} ` +
        `refused, ${repeats.stored + repeats.notStored} with a command id in flight and repeated (${repeats.stored} ` +
        `of them were stored), ${events.length} events`,
    );
    expect(all.stored.length).toBeGreaterThanOrEqual(FEWEST * ROUNDS * PROCESSES);
    expect(all.refused.length).toBeGreaterThan(0);
    expect(all.unknown).toEqual([]);
    expectNoHoles(events);
    const found = byAppend(events);
    expectAcknowledged(all, found);
    expectAllOrNothing(all, found);
    await expectRowsBeside(all, events);
  });

  /** Retries an append, as a caller without an answer does. */
  async function repeat(append: PlannedAppend, count: { stored: number; notStored: number }): Promise<void> {
    const again = await node.log.append(sendable(append), { commandId: append.id });
    count[again.repeated ? 'stored' : 'notStored'] += 1;
    const events: RecordedEvent[] = [];
    for await (const event of node.log.readTagged(withAnyTag([{ name: 'append', value: append.id }])))
      events.push(event);
    expect(events).toHaveLength(events[0]?.data.of as number);
    expect(events.at(-1)?.position).toBe(again.position);
  }

  async function everything(): Promise<RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for (let after = 0; ;) {
      const slice = await node.log.readAll({ after, limit: 1_000 });
      if (slice.upTo === after) return events;
      events.push(...slice.events);
      after = slice.upTo;
    }
  }

  /** Tags and command ids are written with the events, or not at all. */
  async function expectRowsBeside({ sent }: Testimony, events: readonly RecordedEvent[]): Promise<void> {
    const tagged = await runSql(database.url, 'select position from leftfold_event_tags order by position');
    expect(tagged.map(({ position }) => Number(position))).toEqual(events.map(({ position }) => position));
    const withCommand = new Set(sent.flatMap(({ commandId }) => commandId ?? []));
    const stored = new Set(events.map(({ data }) => data.append as string).filter((id) => withCommand.has(id)));
    const commands = await runSql(database.url, 'select command_id from leftfold_commands');
    expect(new Set(commands.map(({ command_id: id }) => id))).toEqual(stored);
  }
});

function byAppend(events: readonly RecordedEvent[]): Map<string, RecordedEvent[]> {
  const found = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const id = event.data.append as string;
    found.set(id, [...(found.get(id) ?? []), event]);
  }
  return found;
}

function expectAcknowledged({ stored }: Testimony, found: ReadonlyMap<string, RecordedEvent[]>): void {
  for (const { id, position, versions } of stored) {
    const events = found.get(id) ?? [];
    const reached = Object.fromEntries(events.map(({ stream, version }) => [stream, version]));
    expect({ id, position: events.at(-1)?.position, versions: reached }).toEqual({ id, position, versions });
  }
}

function expectAllOrNothing({ sent, refused }: Testimony, found: ReadonlyMap<string, RecordedEvent[]>): void {
  const planned = new Map(sent.map((append) => [append.id, append]));
  expect(refused.filter((id) => found.has(id))).toEqual([]);
  for (const [id, events] of found) {
    const streams = planned.get(id)?.streams.flatMap(({ stream, events: count }) => Array<string>(count).fill(stream));
    expect({ id, streams: events.map(({ stream }) => stream) }).toEqual({ id, streams });
    expect(events.at(-1)!.position - events[0]!.position).toBe(events.length - 1);
  }
}
