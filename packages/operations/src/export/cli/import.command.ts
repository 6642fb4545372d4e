import { Argument, type Command, Option } from 'commander';
import type { CommandLine } from '../../cli/command-line.js';
import { asJson } from '../../cli/shared-options.js';
import { someText } from '../../cli/values.js';
import type { ImportArguments } from './import-log.js';

/** `log import`. */
export function importCommand(log: Command, cli: CommandLine): void {
  log
    .command('import')
    .summary('Stores the events of a file in the log.')
    .description(
      'Stores the events of a file of "log export" in an empty log, which it makes if there is none: positions, times and ids stay. ' +
        'With --onto it adds those that the log lacks, at new positions. Interrupted, the same command goes on where it was. Personal fields ' +
        'in plain text are encrypted.',
    )
    .addArgument(new Argument('<file>', 'lines of JSON, also compressed with gzip').argParser(someText('<file>')))
    .addOption(new Option('--onto', 'add the events to a log that has others; side effects handle them as new ones'))
    .addOption(
      new Option('--mapping <file>', 'how lines of another program become events, as JSON').argParser(
        someText('--mapping'),
      ),
    )
    .addOption(
      new Option('--dry-run', 'only say what would be stored, and what would be refused; there need not be a log'),
    )
    .addOption(asJson())
    .addHelpText(
      'after',
      `
Without --onto the application must not have been started on the log: its side effects would handle old events as new ones.

Examples:
  leftfold log import log.ndjson.gz
  leftfold log import orders.ndjson --mapping map.json --onto --dry-run`,
    )
    .action(async (file: string, options: ImportArguments) =>
      (await import('./import-log.js')).importLog(cli, file, options),
    );
}
