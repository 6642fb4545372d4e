import 'reflect-metadata';
import { TypeOrmEventLog } from '../../../packages/core/src/event-log/typeorm-event-log.js';
import type { AppendOptions, AppendResult, StreamAppend } from '../../../packages/core/src/event-log/event-log.js';
import { serve } from '../../../src/platform/process/serve.js';
import { writeLine } from '../../../packages/core/src/conformance/write-line.js';

// The served app, which ends as in a power cut: with DIE_BEFORE before it appends an event of that type; with
// KEYED_APPENDS no append with a key is answered, and after that many commits the process ends.
const append = Object.getOwnPropertyDescriptor(TypeOrmEventLog.prototype, 'append')!.value as TypeOrmEventLog['append'];

let left = Number(process.env.KEYED_APPENDS);

TypeOrmEventLog.prototype.append = async function dieAround(
  this: TypeOrmEventLog,
  appends: readonly StreamAppend[],
  options: AppendOptions = {},
): Promise<AppendResult> {
  const types = appends.flatMap(({ events }) => events.map(({ type }) => type));
  if (types.includes(process.env.DIE_BEFORE ?? '')) process.kill(process.pid, 'SIGKILL');
  const stored = await append.call(this, appends, options);
  if (options.commandId === undefined) return stored;
  writeLine(`Stored at ${stored.position}`);
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
};

await serve(async () => (await import('../../../src/app.module.js')).AppModule.forRoot());
