import Sqlite from 'better-sqlite3';
import { parseDatabaseUrl } from '../src/databases/database-url.js';
import { type OpenDatabase, openDatabase } from '../src/databases/open-database.js';
import { INBOX_SCHEMA } from '../src/inbox/inbox-schema.js';
import { InboxSql } from '../src/inbox/inbox-table.sql.js';
import { postgresPlan } from './event-log/query-plans.js';
import { createTestDatabase, DATABASE_KINDS, type TestDatabase } from './support/databases.js';
import { runSql } from './support/stored-rows.js';

/** Dead letters, and messages to be retried. */
const [DEAD, RETRYING] = [3_000, 30];
const HANDLER = 'orders.payments';

describe.each(DATABASE_KINDS)('a claim of a message to be retried, among many dead letters, on %s', (kind) => {
  let database: TestDatabase;
  let events: OpenDatabase;

  beforeAll(async () => {
    database = await createTestDatabase(kind);
    events = await openDatabase('events', parseDatabaseUrl(database.url), INBOX_SCHEMA);
    await runSql(
      database.url,
      `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${DEAD + RETRYING})
       insert into leftfold_inbox_messages (id, handler, subject, type, stream, sequence, state, due_at, letter_id, tries, failures, attempts)
       select 'message-' || n, '${HANDLER}', 'payments', 'payments', 'payments', n,
              case when n > ${DEAD} then 'retrying' else 'dead' end, case when n > ${DEAD} then n end, 'letter-' || n, 1, 1, 1
         from numbers`,
    );
    if (kind === 'postgres') await runSql(database.url, 'analyze leftfold_inbox_messages');
  });

  afterAll(async () => {
    await events?.close();
    await database?.drop();
  });

  it('reads the first one that is due', async () => {
    const { dialect } = events.write;
    const sql = dialect.withPlaceholders(new InboxSql(dialect).claim);
    const parameters = ['this process', 60_000, dialect.list([HANDLER]), 1_000_000];
    if (kind === 'postgres') {
      const { scans, rows } = await postgresPlan(database.url, { sql, parameters }, 'leftfold_inbox_messages');
      expect({ scans, isMany: rows > RETRYING }).toEqual({ scans: [], isMany: false });
      return;
    }
    const file = new Sqlite(database.url.slice('sqlite:'.length), { readonly: true });
    const steps = file.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[];
    file.close();
    expect(steps.map(({ detail }) => detail).filter((detail) => detail.includes('leftfold_inbox_messages'))).toEqual([
      'SEARCH leftfold_inbox_messages USING COVERING INDEX sqlite_autoindex_leftfold_inbox_messages_1 (id=?)',
      'SEARCH leftfold_inbox_messages USING INDEX leftfold_inbox_messages_due (due_at>?)',
    ]);
  });
});
