import 'reflect-metadata';
import { writeSync } from 'node:fs';
import { TypeOrmEventLog } from '../../../packages/core/src/event-log/typeorm-event-log.js';
import type { AppendOptions, AppendResult, StreamAppend } from '../../../packages/core/src/event-log/event-log.js';
import { serve } from '../../../src/platform/process/serve.js';

// The app as it is served, but no append with a key is answered, and the last of KEYED_APPENDS ends the process, as a power
// cut does: after the commits, and before any caller is told.
const append = Object.getOwnPropertyDescriptor(TypeOrmEventLog.prototype, 'append')!.value as TypeOrmEventLog['append'];

let left = Number(process.env.KEYED_APPENDS);

TypeOrmEventLog.prototype.append = async function dieAfter(
  this: TypeOrmEventLog,
  appends: readonly StreamAppend[],
  options: AppendOptions = {},
): Promise<AppendResult> {
  const stored = await append.call(this, appends, options);
  if (options.commandId === undefined) return stored;
  writeSync(1, `Stored at ${stored.position}\n`);
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
};

await serve(async () => (await import('../../../src/app.module.js')).AppModule.forRoot());
