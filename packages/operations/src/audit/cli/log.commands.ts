import { type Command, Option } from 'commander';
import type { CommandLine } from '../../cli/command-line.js';
import { asJson } from '../../cli/shared-options.js';
import { someText, time, wholeNumber } from '../../cli/values.js';
import { exportCommand } from '../../export/cli/export.command.js';
import { importCommand } from '../../export/cli/import.command.js';
import type { TailOptions } from './tail-log.js';

const LARGEST_LIMIT = 10_000;

/** `log tail`, `log stats`, `log verify`, `log export` and `log import`. */
export function logCommands(program: Command, cli: CommandLine): void {
  const log = program.command('log').description('Shows, checks, exports and imports the event log.');

  log
    .command('tail')
    .summary('Shows the last events, or those after a position.')
    .description(
      'Shows the last events, oldest first; with --after, those after a position. An event must match every filter.',
    )
    .addOption(new Option('-f, --follow', 'follow the log until Ctrl-C'))
    .addOption(
      new Option('-n, --limit <number>', 'most events to show; default: 20, or all with --after').argParser(
        wholeNumber('--limit', 1, LARGEST_LIMIT),
      ),
    )
    .addOption(
      new Option('--after <position>', 'begin after this position; 0 is the beginning of the log').argParser(
        wholeNumber('--after', 0),
      ),
    )
    .addOption(
      new Option('--type <type>', 'a stored event type, such as users.user-registered').argParser(someText('--type')),
    )
    .addOption(
      new Option('--category <category>', 'the part of the stream name before the first hyphen').argParser(
        someText('--category'),
      ),
    )
    .addOption(
      new Option('--actor <actor>', 'a user id, anonymous, cli, system, or saga:<name>').argParser(someText('--actor')),
    )
    .addOption(
      new Option('--correlation-id <id>', 'id shared by one request and everything that follows from it').argParser(
        someText('--correlation-id'),
      ),
    )
    .addOption(
      new Option('--from <time>', 'recorded at or after, such as 2026-01-31T12:00:00Z or 2026-01-31').argParser(
        time('--from'),
      ),
    )
    .addOption(new Option('--to <time>', 'recorded at or before').argParser(time('--to')))
    .addOption(asJson('print JSON for programs, one event a line with all that is stored of it'))
    .addHelpText(
      'after',
      `
Examples:
  leftfold log tail -n 5                                   the last five events
  leftfold log tail --follow --category user               new events of users, as they are stored
  leftfold log tail --after 0 --json > events.ndjson       the whole log, for another program`,
    )
    .action(async (options: TailOptions) => (await import('./tail-log.js')).tailLog(cli, options));

  log
    .command('stats')
    .description('Counts events by category and type, and shows the size and the growth of the log.')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold log stats --json')
    .action(async (options: { json?: boolean }) =>
      (await import('./show-statistics.js')).showStatistics(cli, options.json),
    );

  log
    .command('verify')
    .summary('Checks the log and all subscriptions.')
    .description(
      'Checks the rules of the log, and every subscription against the log. It only reads, and may run while the application ' +
        'runs. Exit code 1 when it finds a violation.',
    )
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold log verify && echo sound')
    .action(async (options: { json?: boolean }) => (await import('./verify-log.js')).verifyLog(cli, options.json));

  exportCommand(log, cli);
  importCommand(log, cli);
}
