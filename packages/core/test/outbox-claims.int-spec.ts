import Sqlite from 'better-sqlite3';
import { parseDatabaseUrl } from '../src/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../src/databases/open-database.js';
import { OutboxSql } from '../src/sagas/outbox/outbox-table.sql.js';
import { ScheduleClock } from '../src/sagas/outbox/schedule-clock.js';
import { postgresPlan } from './event-log/query-plans.js';
import { BARE_OUTBOX, outboxIn, SAGA } from './support/bare-outbox.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { runSql } from './support/stored-rows.js';

/** Commands of each kind. */
const MANY = 3_000;
const LIMIT = 16;
const HOUR = 60 * 60_000;

/** Commands that have a time to come, wait for another one, or can be executed. */
const KINDS = {
  scheduled: { due: (now: number) => `${now + HOUR} + n`, line: 'null' },
  waiting: { due: () => 'null', line: `'order-' || (n % 100)` },
  ready: { due: (now: number) => `${now - 1_000}`, line: `'order-' || n` },
} as const;

describe.each(DATABASE_KINDS)('a claim among many commands of one saga on %s', (kind) => {
  let database: TestDatabase;
  let events: OpenDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    events = await openDatabase('events', parseDatabaseUrl(database.url), BARE_OUTBOX);
    const now = Date.now();
    for (const [state, { due, line }] of Object.entries(KINDS)) {
      await runSql(
        database.url,
        `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${MANY})
         insert into leftfold_saga_commands
           (id, saga, stream, line, position, place, name, version, data, correlation_id, causation_id, turn, state, due_at)
         select '${state}-' || n, '${SAGA}', 'order-' || n, ${line}, n, 0, 'orders.reserve', 1, '{}', '', '', ${now} + n,
                '${state}', ${due(now)} from numbers`,
      );
    }
  });

  afterAll(async () => {
    await events?.close();
    await database?.drop();
  });

  const statements = () => {
    const { dialect } = events.write;
    const sql = new OutboxSql(dialect, new ScheduleClock());
    const sagas = dialect.list([SAGA]);
    return {
      claim: { sql: dialect.withPlaceholders(sql.claim), parameters: [sagas, LIMIT, sagas, LIMIT, LIMIT, 'me', 1] },
      dueIn: { sql: dialect.withPlaceholders(sql.dueIn), parameters: [sagas] },
      countLetters: { sql: sql.countLetters, parameters: [] },
    };
  };

  it('claims the first that are due', async () => {
    const { claimed, dueIn } = await outboxIn(events, 'this process').settleAndClaim([], [SAGA], LIMIT);
    expect(claimed.map(({ id }) => id).toSorted()).toEqual(
      Array.from({ length: LIMIT }, (_, index) => `ready-${index + 1}`).toSorted(),
    );
    expect(dueIn).toBe(0);
  });

  if (kind === 'sqlite') {
    it.each([
      [
        'claim',
        [
          'SEARCH leftfold_saga_commands USING COVERING INDEX sqlite_autoindex_leftfold_saga_commands_1 (id=?)',
          'SCAN leftfold_saga_commands USING INDEX leftfold_saga_commands_ready',
          'SEARCH leftfold_saga_commands USING INDEX leftfold_saga_commands_scheduled (due_at<?)',
        ],
      ],
      ['dueIn', ['SEARCH leftfold_saga_commands USING INDEX leftfold_saga_commands_due (due_at>?)']],
      ['countLetters', ['SEARCH leftfold_saga_commands USING INDEX leftfold_saga_commands_letter (letter_id>?)']],
    ] as const)('walks the indexes of due commands only: %s', (name, plan) => {
      const file = new Sqlite(database.url.slice('sqlite:'.length), { readonly: true });
      try {
        const { sql, parameters } = statements()[name];
        const steps = file.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[];
        const walks = steps.map(({ detail }) => detail).filter((detail) => detail.includes('leftfold_saga_commands'));
        expect(walks).toEqual(plan);
      } finally {
        file.close();
      }
    });
  } else {
    it.each(['before', 'after'])('reads few others: %s statistics are collected', async (when) => {
      if (when === 'after') await runSql(database.url, 'analyze leftfold_saga_commands');
      const { claim, dueIn } = statements();
      for (const statement of [claim, dueIn]) {
        const { scans, rows } = await postgresPlan(database.url, statement, 'leftfold_saga_commands');
        expect({ scans, isMany: rows > 10 * LIMIT }).toEqual({ scans: [], isMany: false });
      }
    });
  }
});
