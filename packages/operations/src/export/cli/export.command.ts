import { Argument, type Command, Option } from 'commander';
import type { CommandLine } from '../../cli/command-line.js';
import { asJson } from '../../cli/shared-options.js';
import { positionOrTime, someText, wholeNumber } from '../../cli/values.js';
import type { ExportArguments } from './export-log.js';

/** `log export`. */
export function exportCommand(log: Command, cli: CommandLine): void {
  log
    .command('export')
    .summary('Writes the log to a file, a line of JSON an event, or as Parquet.')
    .description(
      'Writes the log to a file, a line of JSON an event, also while the application runs. Interrupted, the same command goes on ' +
        'where the last whole line ended. With --checkpoint the file can be verified offline: see "leftfold proofs verify-export". ' +
        'A name that ends in .parquet makes a Parquet file, for analysis; interrupted, it begins anew.',
    )
    .addArgument(
      new Argument('<file>', 'such as log.ndjson, compressed as log.ndjson.gz, or log.parquet').argParser(
        someText('<file>'),
      ),
    )
    .addOption(
      new Option('--after <position>', 'begin after this position; default: at the beginning').argParser(
        wholeNumber('--after', 0),
      ),
    )
    .addOption(
      new Option('--until <position-or-time>', 'end there; default: at the end of the log').argParser(
        positionOrTime('--until'),
      ),
    )
    .addOption(new Option('--category <category>', 'only streams of this category').argParser(someText('--category')))
    .addOption(new Option('--checkpoint', 'write hashes and the signed checkpoint, and end where it ends'))
    .addOption(asJson())
    .addHelpText(
      'after',
      `
The file has personal data as the log stores it. Keep it as private as the log.

Examples:
  leftfold log export log.ndjson.gz --checkpoint
  leftfold log export orders.ndjson --category order --until 2026-01-31
  leftfold log export log.parquet`,
    )
    .action(async (file: string, options: ExportArguments) =>
      (await import('./export-log.js')).exportLog(cli, file, options),
    );
}
