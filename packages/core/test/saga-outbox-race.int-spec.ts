import { parseDatabaseUrl } from '../src/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../src/databases/open-database.js';
import { BARE_OUTBOX, commandsOf, outboxIn, SAGA } from './support/bare-outbox.js';
import { createTestDatabase, type TestDatabase } from './support/databases.js';
import { eventually } from './support/eventually.js';
import { runSql } from './support/stored-rows.js';

describe('two nodes that share a saga on PostgreSQL', () => {
  let database: TestDatabase;
  let nodes: OpenDatabase[];

  beforeEach(async () => {
    database = await createTestDatabase('postgres');
    const open = () => openDatabase('events', parseDatabaseUrl(database.url), BARE_OUTBOX);
    nodes = [await open(), await open()];
    await runSql(
      database.url,
      `insert into leftfold_subscriptions (name, version, log_id, position, handled, epoch, expires_at)
       values ('${SAGA}', 1, 'log', 0, 0, 0, 0)`,
    );
  });

  afterEach(async () => {
    for (const each of nodes) await each.close();
    await database.drop();
  });

  it('execute a command whose predecessor was settled while it was added', async () => {
    const [adding, settling] = nodes as [OpenDatabase, OpenDatabase];
    const outbox = outboxIn(adding, 'adding');
    const other = outboxIn(settling, 'settling');
    const [first, second] = commandsOf('key', 1, 2);
    await adding.write.transaction((manager) => outbox.add(manager, SAGA, [first!]));
    const { claimed } = await other.settleAndClaim([], [SAGA], 1);
    expect(claimed).toMatchObject([{ id: first!.id }]);

    let settled: Promise<unknown> | undefined;
    await adding.write.transaction(async (manager) => {
      await outbox.add(manager, SAGA, [second!]);
      let isSettled = false;
      settled = other
        .settleAndClaim([{ command: claimed[0]!, outcome: { kind: 'done' } }], [SAGA], 0)
        .finally(() => (isSettled = true));
      // It waits for this transaction. If it did not, it would not see the second command.
      await eventually(async () => expect(isSettled || (await waitsForALock())).toBe(true));
    });
    await settled;

    const next = await other.settleAndClaim([], [SAGA], 1);
    expect(next.claimed).toMatchObject([{ id: second!.id }]);
  });

  async function waitsForALock(): Promise<boolean> {
    const rows = await runSql(
      database.url,
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  }
});
