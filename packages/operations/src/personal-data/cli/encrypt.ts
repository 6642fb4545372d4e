import { type PlainEvents, PlainPersonalFields } from '@leftfold/core';
import type { CommandLine } from '../../cli/command-line.js';
import { counted } from '../../cli/format.js';

export async function explainPlainEvents(cli: CommandLine, json?: boolean): Promise<void> {
  const types = await cli.open((app) => app.get(PlainPersonalFields).count());
  cli.output.answer(json, { types }, () => lines(types));
}

function lines(types: readonly PlainEvents[]): string[] {
  if (types.length === 0) return ['No stored event has personal fields as plain text.'];
  return [
    ...types.map(({ type, events }) => `${type}: ${counted(events, 'event')} with plain fields`),
    'They stay as they are: no row of the log is ever changed, so that proofs and backups stay true.',
    'To have them encrypted, copy the log while nothing appends to it:',
    '  leftfold log export log.ndjson',
    'and then, in the environment of a new log, which the import makes:',
    '  leftfold log import log.ndjson',
    'The import encrypts them. Use the new log from then on, and delete the file, the old log and its backups.',
  ];
}
