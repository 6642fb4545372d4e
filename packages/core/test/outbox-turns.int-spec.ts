import { parseDatabaseUrl } from '../src/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../src/databases/open-database.js';
import { AddTurns1750001200000 } from '../src/sagas/migrations/events/1750001200000-add-turns.js';
import { AddCustomMetadata1750001300000 } from '../src/sagas/migrations/events/1750001300000-add-custom-metadata.js';
import { Outbox } from '../src/sagas/outbox/outbox.js';
import type { OutboxChange, TakenCommand } from '../src/sagas/outbox/saga-command.js';
import { ScheduleClock } from '../src/sagas/outbox/schedule-clock.js';
import { SAGA_SCHEMA } from '../src/sagas/saga-schema.js';
import { STATES_BESIDE_THE_LOG } from '../src/subscriptions/subscription-schema.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from '../../../test/support/databases.js';

const SAGA = 'orders.fulfilment';
const SCHEMA = {
  entities: [...STATES_BESIDE_THE_LOG.entities, ...SAGA_SCHEMA.entities],
  migrations: [...STATES_BESIDE_THE_LOG.migrations, ...SAGA_SCHEMA.migrations],
};

const PARTIES = 5;
/** Commands of each party. */
const EACH = 60;

/** The commands of one event, all of the same stream. */
function commandsOf(party: string, position: number, count: number): OutboxChange[] {
  return Array.from({ length: count }, (_, place) => ({
    kind: 'execute',
    otherwise: null,
    command: {
      id: `${party}-${position}-${place}`,
      stream: `order-${position}`,
      position,
      place,
      name: 'orders.reserve',
      version: 1,
      data: '{}',
      correlationId: `request-${position}`,
      party,
      custom: null,
      causationId: `event-${position}`,
      traceparent: null,
    },
  }));
}

const idOf = (change: OutboxChange): string => (change.kind === 'execute' ? change.command.id : '');

describe.each(DATABASE_KINDS)('the outbox on %s', (kind) => {
  let database: TestDatabase;
  let events: OpenDatabase;
  let outbox: Outbox;

  const add = (...changes: OutboxChange[]): Promise<void> =>
    events.write.transaction((manager) => outbox.add(manager, SAGA, changes));
  const turn = async (done: readonly TakenCommand[] = []): Promise<TakenCommand[]> =>
    (
      await outbox.turn(
        done.map((command) => ({ command, outcome: { kind: 'done' } })),
        [SAGA],
        4,
      )
    ).taken;

  beforeEach(async () => {
    database = await createTestDatabase(kind);
    events = await openDatabase('events', parseDatabaseUrl(database.url), SCHEMA);
    outbox = new Outbox(events, 'this process', 60_000, new ScheduleClock());
  });

  afterEach(async () => {
    await events.close();
    await database.drop();
  });

  it("executes a new party's command ahead of a busy party's commands in hundreds of streams", async () => {
    const hoarded = Array.from({ length: 300 }, (_, index) => commandsOf('hoarder', index + 1, 5)).flat();
    // Added at the same moment, because commands due before the stranger's first may run before it.
    await add(...hoarded, ...commandsOf('stranger', 301, 3));

    const order: string[] = [];
    let taken = await turn();
    for (let round = 0; round < 12; round++) {
      order.push(...taken.map(({ id }) => id.split('-')[0]!));
      taken = await turn(taken);
    }

    // Executed one after the other, because they are in one stream.
    expect(order.slice(0, 16).filter((party) => party === 'stranger')).toHaveLength(3);
    expect(order.filter((party) => party === 'hoarder').length).toBeGreaterThan(30);
  });

  it("is processed by two nodes: each command once, and a new party's soon", async () => {
    const others = await openDatabase('events', parseDatabaseUrl(database.url), SCHEMA);
    const nodes = [outbox, new Outbox(others, 'another process', 60_000, new ScheduleClock())];
    // One party after the other, with the stranger last.
    const hoards = Array.from({ length: PARTIES * EACH }, (_, at) =>
      commandsOf(`hoarder${Math.floor(at / EACH)}`, at + 1, 1),
    );
    const all = [...hoards.flat(), ...commandsOf('stranger', 9_999, 3)];
    await add(...all);

    const order: string[] = [];
    await Promise.all(
      nodes.map(async (node) => {
        for (let done: TakenCommand[] = []; ;) {
          const settled = done.map((command) => ({ command, outcome: { kind: 'done' } as const }));
          const { taken } = await node.turn(settled, [SAGA], 4);
          order.push(...taken.map(({ id }) => id));
          if (taken.length === 0) return;
          done = taken;
        }
      }),
    );
    await others.close();

    expect(order.toSorted()).toEqual(all.map(idOf).toSorted());
    const lastOf = (party: string): number => order.findLastIndex((id) => id.startsWith(party));
    expect(lastOf('stranger')).toBeLessThan(EACH);
    // They take turns: none finishes long before another one.
    const ends = Array.from({ length: PARTIES }, (_, party) => lastOf(`hoarder${party}-`));
    expect(Math.min(...ends)).toBeGreaterThan(order.length - EACH);
  });

  it('keeps the order of each stream', async () => {
    await add(...commandsOf('one', 1, 3), ...commandsOf('other', 2, 3));

    const order: string[] = [];
    for (let taken = await turn(); taken.length > 0; taken = await turn(taken))
      order.push(...taken.map(({ id }) => id));

    for (const party of ['one-1', 'other-2']) {
      expect(order.filter((id) => id.startsWith(party))).toEqual([0, 1, 2].map((place) => `${party}-${place}`));
    }
  });

  it('keeps commands from before turns and custom metadata were added', async () => {
    await add(...commandsOf('one', 1, 2));
    const runner = events.write.dataSource.createQueryRunner();
    const migrations = [new AddTurns1750001200000(), new AddCustomMetadata1750001300000()];
    for (const each of migrations.toReversed()) await each.down(runner);
    for (const each of migrations) await each.up(runner);
    await runner.release();

    const taken = await turn();
    expect(taken).toMatchObject([{ id: 'one-1-0', custom: null }]);
    expect((await turn(taken)).map(({ id }) => id)).toEqual(['one-1-1']);
  });
});
