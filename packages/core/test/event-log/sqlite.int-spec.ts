import { randomUUID } from 'node:crypto';
import Sqlite from 'better-sqlite3';
import { describeEventLog } from '../../src/conformance/describe-event-log.js';
import type { EventLogHarness, UnreliableHandle } from '../../src/conformance/harness.js';
import { SqliteStatements } from '../../src/databases/sqlite-statements.js';
import { createTestDatabase } from '../support/databases.js';
import { commonHarness, eventRecordedAt } from './harness.js';
import { openLog } from './open-log.js';

describeEventLog('SQLite', async (): Promise<EventLogHarness> => {
  const database = await createTestDatabase('sqlite');
  const common = await commonHarness(database);
  const run = async (statement: string): Promise<void> => {
    const connection = new Sqlite(database.url.slice('sqlite:'.length), { timeout: 5_000 });
    try {
      connection.exec(statement);
    } finally {
      connection.close();
    }
  };
  return {
    ...common,
    refusal: /^(Events are never changed or deleted|An event of this position, event id or version is stored already)/,
    changesOfHistory: [
      ...common.changesOfHistory,
      'replace into leftfold_events select * from leftfold_events where position = 1',
      `insert or replace into leftfold_events
       select position + 100, stream || 'x', version, event_id, type, schema_version, '{}', metadata, actor, correlation_id,
              recorded_at, partition
         from leftfold_events where position = 1`,
      `insert or replace into leftfold_events
       select position + 100, stream, version, 'x', type, schema_version, '{}', metadata, actor, correlation_id,
              recorded_at, partition
         from leftfold_events where position = 1`,
    ],
    run,
    openUnreliable: () => openUnreliable(database.url),
    refuseEventsOf: (stream) =>
      run(`create trigger "refuse ${stream}" before insert on leftfold_events when new.stream = '${stream}'
           begin select raise(abort, 'This stream is refused.'); end`),
    storeRecordedAt: (stream, recordedAt) => run(eventRecordedAt(stream, recordedAt, randomUUID())),
  };
});

/** SQLite has no connection to lose, but a disk may fail right after the commit. */
async function openUnreliable(url: string): Promise<UnreliableHandle> {
  const handle = await openLog(url);
  const commit = SqliteStatements.on(handle.database.write.dataSource).of('COMMIT');
  const run = commit.run.bind(commit);
  let armed = false;
  let lost = 0;
  jest.spyOn(commit, 'run').mockImplementation((...args) => {
    const answer = run(...args);
    if (!armed) return answer;
    armed = false;
    lost += 1;
    throw Object.assign(new Error('disk I/O error'), { code: 'SQLITE_IOERR' });
  });
  return {
    log: handle.log,
    close: () => handle.close(),
    loseNextReply: () => (armed = true),
    get lost() {
      return lost;
    },
  };
}
