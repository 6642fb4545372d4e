import { EventSkips } from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';

export async function skipEvent(
  cli: CommandLine,
  name: string,
  { json, event, reason }: { readonly json?: boolean; readonly event: string; readonly reason: string },
): Promise<void> {
  const skipped = await cli.open((app) => app.get(EventSkips).skip(name, { eventId: event, reason, actor: 'cli' }));
  cli.output.answer(json, { name, ...skipped, reason }, () => [
    `${name} skips ${skipped.type} at position ${skipped.position}: ${reason}`,
  ]);
}
