import { parseDatabaseUrl } from '../src/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../src/databases/open-database.js';
import { LOG_SCHEMA } from '../src/event-log/log-schema.js';
import { ParkedEvents } from '../src/subscriptions/parking/parked-events.js';
import { Lease, LeasedPart } from '../src/subscriptions/states/lease.js';
import { SUBSCRIPTION_SCHEMA } from '../src/subscriptions/subscription-schema.js';
import { postgresPlan, type Statement } from './event-log/query-plans.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { runSql } from './support/stored-rows.js';

const NAME = 'orders.mail';
/** Parked events, in ten streams. */
const MANY = 3_000;
const HOUR = 60 * 60_000;

describe.each(DATABASE_KINDS)('what a subscription has parked, among very many, on %s', (kind) => {
  let database: TestDatabase;
  let events: OpenDatabase;
  let parked: ParkedEvents;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    events = await openDatabase('events', parseDatabaseUrl(database.url), {
      entities: [...LOG_SCHEMA.entities, ...SUBSCRIPTION_SCHEMA.entities],
      migrations: [...LOG_SCHEMA.migrations, ...SUBSCRIPTION_SCHEMA.migrations],
    });
    parked = new ParkedEvents(events);
    const numbers = `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${MANY})`;
    const id = kind === 'postgres' ? 'gen_random_uuid()' : `'event-' || n`;
    await runSql(
      database.url,
      `${numbers} insert into leftfold_events (position, stream, version, event_id, type, schema_version, data, metadata, actor,
                                               correlation_id, recorded_at, partition)
       select n, 'order-' || (n % 10), n, ${id}, 'orders.placed', 1, '{}', '{}', '', '', 0, n % 1024 from numbers`,
    );
    await runSql(
      database.url,
      `${numbers} insert into leftfold_parked_events (id, subscription, stream, position, state, due_at, tries, attempts)
       select 'parked-' || n, '${NAME}', 'order-' || (n % 10), n, case when n <= 10 then 'retrying' else 'waiting' end,
              case when n <= 10 then ${Date.now() + HOUR} + n end, 1, 1 from numbers`,
    );
    if (kind === 'postgres') await runSql(database.url, 'analyze');
  });

  afterAll(async () => {
    await events?.close();
    await database?.drop();
  });

  const whole = new Lease(NAME, 1, HOUR, performance.now());
  const partOf = (first: number, last: number): Lease =>
    new Lease(NAME, 1, HOUR, performance.now(), new LeasedPart({ first, last, position: 0, done: [] }));

  it('says whether there is something, and when the next one is due', async () => {
    const due = { some: true, dueIn: expect.any(Number) as number };
    expect(await parked.nextDue(whole)).toEqual(due);
    expect(await parked.nextDue(partOf(0, 5))).toEqual(due);
    expect(await parked.nextDue(partOf(20, 30))).toEqual({ some: true, dueIn: undefined });
    expect(await parked.nextDue(new Lease('orders.other', 1, HOUR, performance.now()))).toEqual({
      some: false,
      dueIn: undefined,
    });
    expect(await parked.blocked(NAME, ['order-1', 'order-10'])).toEqual(new Set(['order-1']));
  });

  // SQLite does not say how many rows it reads; the statements are the same.
  if (kind !== 'postgres') return;

  it('reads few of them', async () => {
    const statements: Statement[] = [];
    const query = events.read.query.bind(events.read);
    events.read.query = (sql: string, parameters: unknown[] = []) => {
      statements.push({ sql, parameters });
      return query(sql, parameters);
    };
    await parked.nextDue(whole);
    await parked.nextDue(partOf(0, 511));
    await parked.blocked(NAME, ['order-1', 'order-2']);
    expect(statements).toHaveLength(3);

    for (const statement of statements) {
      const { rows } = await postgresPlan(database.url, statement, 'leftfold_parked_events');
      expect(rows).toBeLessThanOrEqual(20);
    }
  });
});
