import type { Command } from 'commander';
import type { CommandLine } from '../../cli/command-line.js';
import { asJson } from '../../cli/shared-options.js';

/** `look-ups rebuild`. */
export function lookUpCommands(program: Command, cli: CommandLine): void {
  const lookUps = program
    .command('look-ups')
    .description('Looks after the look-ups by which events are found by type, category, actor and correlation id.');

  lookUps
    .command('rebuild')
    .summary('Fills the look-ups of the log anew.')
    .description(
      'Fills the look-ups of the log anew, when log verify says that they lack events. It may run beside the application, ' +
        'whose reads with a filter are slower until it is done. Interrupted, running nodes go on with it.',
    )
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold look-ups rebuild')
    .action(async (options: { json?: boolean }) =>
      (await import('./rebuild-look-ups.js')).rebuildLookUps(cli, options),
    );
}
