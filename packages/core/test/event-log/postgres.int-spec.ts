import { randomUUID } from 'node:crypto';
import { describeEventLog } from '../../src/conformance/describe-event-log.js';
import type { EventLogHarness, UnreliableHandle } from '../../src/conformance/harness.js';
import { startCuttingProxy } from '../support/cutting-proxy.js';
import { createTestDatabase } from '../support/databases.js';
import { commonHarness, eventRecordedAt } from './harness.js';
import { connectionsTo } from '../support/side-connections.js';
import { openLog } from './open-log.js';

describeEventLog('PostgreSQL', async (): Promise<EventLogHarness> => {
  const database = await createTestDatabase('postgres');
  const common = await commonHarness(database);
  const run = async (statement: string): Promise<void> => {
    await connectionsTo(database.url).query(statement);
  };
  return {
    ...common,
    changesOfHistory: [
      ...common.changesOfHistory,
      'truncate leftfold_events',
      'truncate leftfold_events, leftfold_event_tags, leftfold_commands cascade',
      `insert into leftfold_events select * from leftfold_events where position = 1 on conflict (position) do update set data = '{}'`,
      `merge into leftfold_events e using (values (1)) v(position) on e.position = v.position when matched then delete`,
    ],
    run,
    openUnreliable: () => openUnreliable(database.url),
    refuseEventsOf: (stream) =>
      run(`create function "refuse ${stream}"() returns trigger language plpgsql as
             $$ begin raise exception 'This stream is refused.'; end $$;
           create trigger "refuse ${stream}" before insert on leftfold_events for each row when (new.stream = '${stream}')
             execute function "refuse ${stream}"()`),
    storeRecordedAt: (stream, recordedAt) => run(eventRecordedAt(stream, recordedAt, randomUUID())),
  };
});

async function openUnreliable(url: string): Promise<UnreliableHandle> {
  const proxy = await startCuttingProxy(url, 'leftfold_append(');
  const handle = await openLog(proxy.url);
  return {
    log: handle.log,
    close: async () => {
      await handle.close();
      await proxy.close();
    },
    loseNextReply: () => proxy.cutNext('reply'),
    get lost() {
      return proxy.cuts;
    },
  };
}
