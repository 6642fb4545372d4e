import { parseDatabaseUrl } from '../src/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../src/databases/open-database.js';
import { AddTurns1750001200000 } from '../src/sagas/migrations/events/1750001200000-add-turns.js';
import { AddCustomMetadata1750001300000 } from '../src/sagas/migrations/events/1750001300000-add-custom-metadata.js';
import { IndexDueCommands1750003600000 } from '../src/sagas/migrations/events/1750003600000-index-due-commands.js';
import type { Outbox } from '../src/sagas/outbox/outbox.js';
import type { ClaimedCommand, ExecutionOutcome } from '../src/sagas/outbox/claimed-command.js';
import type { PendingCommand } from '../src/sagas/outbox/pending-command.js';
import { MovableClock } from '../src/testing/movable-clock.js';
import { BARE_OUTBOX, commandsOf, outboxIn, SAGA } from './support/bare-outbox.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { runSql } from './support/stored-rows.js';

/** Fairness keys with many commands. */
const BUSY = 5;
/** Commands of each of them. */
const EACH = 60;

describe.each(DATABASE_KINDS)('the outbox on %s', (kind) => {
  let database: TestDatabase;
  let events: OpenDatabase;
  let outbox: Outbox;

  const add = (...commands: PendingCommand[]): Promise<void> =>
    events.write.transaction((manager) => outbox.add(manager, SAGA, commands));
  const settleAndClaim = async (done: readonly ClaimedCommand[] = []): Promise<ClaimedCommand[]> =>
    (
      await outbox.settleAndClaim(
        done.map((command) => ({ command, outcome: { kind: 'done' } })),
        [SAGA],
        4,
      )
    ).claimed;

  beforeEach(async () => {
    database = await createTestDatabase(kind);
    events = await openDatabase('events', parseDatabaseUrl(database.url), BARE_OUTBOX);
    outbox = outboxIn(events, 'this process');
  });

  afterEach(async () => {
    await events.close();
    await database.drop();
  });

  it("executes the command of a new fairness key ahead of a busy key's commands in hundreds of streams", async () => {
    const ofBusyKey = Array.from({ length: 300 }, (_, index) => commandsOf('busy', index + 1, 5)).flat();
    // Added at the same moment, because commands due before the newcomer's first may run before it.
    await add(...ofBusyKey, ...commandsOf('newcomer', 301, 3));

    const order: string[] = [];
    let claimed = await settleAndClaim();
    for (let round = 0; round < 12; round++) {
      order.push(...claimed.map(({ id }) => id.split('-')[0]!));
      claimed = await settleAndClaim(claimed);
    }

    // Executed one after the other, because they are in one stream.
    expect(order.slice(0, 16).filter((key) => key === 'newcomer')).toHaveLength(3);
    expect(order.filter((key) => key === 'busy').length).toBeGreaterThan(30);
  });

  it("is processed by two nodes: each command once, and a new fairness key's soon", async () => {
    const others = await openDatabase('events', parseDatabaseUrl(database.url), BARE_OUTBOX);
    const nodes = [outbox, outboxIn(others, 'another process')];
    // One key after the other, with the newcomer last.
    const ofBusyKeys = Array.from({ length: BUSY * EACH }, (_, at) =>
      commandsOf(`busy${Math.floor(at / EACH)}`, at + 1, 1),
    );
    const all = [...ofBusyKeys.flat(), ...commandsOf('newcomer', 9_999, 3)];
    await add(...all);

    const order: string[] = [];
    // In rounds, because a node that stands still for a moment keeps what it has claimed from the other one.
    const round = (done: readonly ClaimedCommand[][]) =>
      Promise.all(
        nodes.map(async (node, at) => {
          const settled = done[at]!.map((command) => ({ command, outcome: { kind: 'done' } as const }));
          const { claimed } = await node.settleAndClaim(settled, [SAGA], 4);
          order.push(...claimed.map(({ id }) => id));
          return claimed;
        }),
      );
    let done = await round([[], []]);
    while (done.flat().length > 0) done = await round(done);
    await others.close();

    expect(order.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
    const lastOf = (key: string): number => order.findLastIndex((id) => id.startsWith(key));
    expect(lastOf('newcomer')).toBeLessThan(EACH);
    // They share the outbox: none finishes long before another one.
    const ends = Array.from({ length: BUSY }, (_, key) => lastOf(`busy${key}-`));
    expect(Math.min(...ends)).toBeGreaterThan(order.length - EACH);
  });

  it('has two nodes execute due schedules beside other commands, each once and none out of turn', async () => {
    const others = await openDatabase('events', parseDatabaseUrl(database.url), BARE_OUTBOX);
    const nodes = [outbox, outboxIn(others, 'another process')];
    const now = Date.now();
    // Every second one is due before all other commands.
    const schedules = Array.from({ length: 40 }, (_, at) => {
      const [command] = commandsOf('planner', at + 1, 1);
      return { ...command!, schedule: { key: `key ${at}`, dueAt: now - (at % 2 ? 60_000 : 0) - 1_000 + at } };
    });
    const ordered = Array.from({ length: 40 }, (_, at) => commandsOf(`key${at}`, at + 100, 2)).flat();
    await add(...schedules, ...ordered);

    const claimed: string[] = [];
    for (let found = true; found;) {
      const both = await Promise.all(nodes.map((node) => node.settleAndClaim([], [SAGA], 4)));
      found = both.some((each) => each.claimed.length > 0);
      for (const [at, each] of both.entries()) {
        claimed.push(...each.claimed.map(({ id }) => id));
        const settled = each.claimed.map((command) => ({ command, outcome: { kind: 'done' } as const }));
        if (settled.length > 0) await nodes[at]!.settleAndClaim(settled, [SAGA], 0);
      }
    }
    await others.close();

    expect(claimed.toSorted()).toEqual([...schedules, ...ordered].map(({ id }) => id).toSorted());
    const early = schedules.flatMap(({ id }, at) => (at % 2 ? [id] : []));
    // Both claim at the same time, so either may have the last of them.
    expect(claimed.slice(0, early.length + 4)).toEqual(expect.arrayContaining(early));
  });

  it('is not delayed by a command with the same fairness key that is scheduled for later', async () => {
    const [later] = commandsOf('planner', 1, 1);
    await add({ ...later!, schedule: { key: 'later', dueAt: Date.now() + 86_400_000 } });
    await add(
      ...commandsOf('planner', 2, 1),
      ...Array.from({ length: 8 }, (_, at) => commandsOf('busy', at + 3, 1)).flat(),
    );

    expect((await settleAndClaim()).map(({ id }) => id)).toContain('planner-2-0');
  });

  it('keeps the order of each stream', async () => {
    await add(...commandsOf('one', 1, 3), ...commandsOf('other', 2, 3));

    const order: string[] = [];
    for (let claimed = await settleAndClaim(); claimed.length > 0; claimed = await settleAndClaim(claimed))
      order.push(...claimed.map(({ id }) => id));

    for (const key of ['one-1', 'other-2']) {
      expect(order.filter((id) => id.startsWith(key))).toEqual([0, 1, 2].map((index) => `${key}-${index}`));
    }
  });

  it('settles each command once when the claim failed after those that failed were settled', async () => {
    const compensation = { id: 'instead', name: 'orders.release', version: 1, data: '{}' };
    const [refused] = commandsOf('refused', 2, 1);
    await add(...commandsOf('done', 1, 2), { ...refused!, compensation }, ...commandsOf('failed', 3, 1));
    const claimed = await settleAndClaim();
    const failure = { message: 'no', stack: null };
    const outcomes: Record<string, ExecutionOutcome> = {
      'done-1-0': { kind: 'done' },
      'refused-2-0': { kind: 'refused', failure },
      'failed-3-0': { kind: 'failed', failure, dueIn: 600_000 },
    };
    const settlements = claimed.map((command) => ({ command, outcome: outcomes[command.id]! }));
    const inTurn = events.write.inTurn.bind(events.write);
    events.write.inTurn = () => Promise.reject(new Error('The connection is gone.'));
    await expect(outbox.settleAndClaim(settlements, [SAGA], 4)).rejects.toThrow('The connection is gone.');
    events.write.inTurn = inTurn;

    const again = await outbox.settleAndClaim(settlements, [SAGA], 4);

    expect(again.claimed.map(({ id }) => id).toSorted()).toEqual(['done-1-1', 'instead']);
    const rows = await runSql(database.url, 'select id, state, attempts from leftfold_saga_commands order by id');
    expect(rows).toEqual([
      { id: 'done-1-1', state: 'ready', attempts: 1 },
      { id: 'failed-3-0', state: 'retrying', attempts: 1 },
      { id: 'instead', state: 'ready', attempts: 1 },
    ]);
  });

  it('leaves a claim that was made while the check for impossible times waited, and a test moved the clock', async () => {
    const clock = new MovableClock();
    const here = outboxIn(events, 'this process', clock);
    await add(...commandsOf('one', 1, 1));

    let checked!: Promise<void>;
    await events.write.transaction(async (manager) => {
      checked = here.makeImpossibleTimesDue([SAGA], 0);
      clock.moveOn(60 * 60_000);
      await manager.query(
        `update leftfold_saga_commands set claimed_by = 'another process', due_at = ${clock.now(kind)} + 60000`,
      );
    });
    await checked;

    expect((await here.settleAndClaim([], [SAGA], 1)).claimed).toEqual([]);
  });

  it('keeps commands from before fairness keys and custom metadata were added', async () => {
    await add(...commandsOf('one', 1, 2));
    const runner = events.write.dataSource.createQueryRunner();
    const migrations = [
      new AddTurns1750001200000(),
      new AddCustomMetadata1750001300000(),
      new IndexDueCommands1750003600000(),
    ];
    for (const each of migrations.toReversed()) await each.down(runner);
    for (const each of migrations) await each.up(runner);
    await runner.release();

    const claimed = await settleAndClaim();
    expect(claimed).toMatchObject([{ id: 'one-1-0', custom: null }]);
    expect((await settleAndClaim(claimed)).map(({ id }) => id)).toEqual(['one-1-1']);
  });
});
