export { describeEventLog } from './describe-event-log.js';
export type { CreateHarness, EventLogHarness, LogHandle, UnreliableHandle, WriterCommand } from './harness.js';
export { runWriters } from './writers.js';
