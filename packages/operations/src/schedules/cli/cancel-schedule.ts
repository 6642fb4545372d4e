import { Schedules } from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';

export async function cancelSchedule(
  cli: CommandLine,
  id: string,
  { json, reason }: { readonly json?: boolean; readonly reason?: string },
): Promise<void> {
  const { saga, command, key } = await cli.open((app) => app.get(Schedules).cancel(id));
  const because = reason === undefined ? '' : `: ${reason}`;
  cli.output.answer(json, { id }, () => [`Cancelled ${command} of ${saga} (key ${key})${because}.`]);
}
