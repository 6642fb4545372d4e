import type { EventLogHarness } from '../../src/conformance/harness.js';
import type { TestDatabase } from '../support/databases.js';
import { kernelProgram } from '../support/kernel-programs.js';
import { EVENT_SIZE_LIMIT, openLog } from './open-log.js';

/** The common parts of both databases' harnesses. */
export async function commonHarness(
  database: TestDatabase,
): Promise<
  Pick<EventLogHarness, 'open' | 'eventSizeLimit' | 'writerCommand' | 'changesOfHistory' | 'refusal' | 'remove'>
> {
  const script = await kernelProgram('writer');
  return {
    open: () => openLog(database.url),
    eventSizeLimit: EVENT_SIZE_LIMIT,
    writerCommand: () => ({ script, args: [database.url] }),
    changesOfHistory: [
      `update leftfold_events set data = '{}'`,
      `update leftfold_events set recorded_at = recorded_at + 1 where position = 1`,
      'delete from leftfold_events',
      'delete from leftfold_events where position = 1',
    ],
    refusal: /^Events are never changed or deleted/,
    remove: () => database.drop(),
  };
}

/** An event at the end of the log, as SQL that both databases understand. */
export function eventRecordedAt(stream: string, recordedAt: Date, eventId: string): string {
  return `insert into leftfold_events (position, stream, version, event_id, type, schema_version, data, metadata, actor,
                              correlation_id, recorded_at, partition)
          select coalesce(max(position), 0) + 1, '${stream}', 1, '${eventId}', 'samples.sample-made', 1, '{}', '{}', 'system',
                 'none', ${recordedAt.getTime()}, 0
            from leftfold_events`;
}
