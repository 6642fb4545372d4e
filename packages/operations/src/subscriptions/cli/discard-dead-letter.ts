import { DeadLetters } from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';

export async function discardDeadLetter(cli: CommandLine, id: string, json: boolean | undefined): Promise<void> {
  await cli.open((app) => app.get(DeadLetters).discard(id));
  cli.output.answer(json, { id }, () => [`${id} was discarded. Those that waited behind it continue.`]);
}
