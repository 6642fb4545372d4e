import type { EventLog } from '../event-log/event-log.js';
import type { CreateHarness, EventLogHarness, LogHandle, UnreliableHandle } from './harness.js';

/** What the tests of one theme share: their own log, and anything else that they open on it. */
export interface LogUnderTest {
  readonly harness: EventLogHarness;
  readonly log: EventLog;
  /** Four nodes with the same log. */
  readonly nodes: readonly EventLog[];
  unreliable(): Promise<UnreliableHandle>;
}

/** Registers hooks that create a log for the surrounding `describe` and remove it. */
export function useLog(create: CreateHarness): LogUnderTest {
  let harness: EventLogHarness;
  const handles: LogHandle[] = [];

  beforeAll(async () => {
    harness = await create();
    for (let node = 0; node < 4; node++) handles.push(await harness.open());
  });

  afterAll(async () => {
    for (const handle of handles) await handle.close();
    await harness?.remove();
  });

  return {
    get harness() {
      return harness;
    },
    get log() {
      return handles[0]!.log;
    },
    get nodes() {
      return handles.slice(0, 4).map((handle) => handle.log);
    },
    unreliable: async () => {
      const handle = await harness.openUnreliable();
      handles.push(handle);
      return handle;
    },
  };
}
