import { Argument, type Command, Option } from 'commander';
import type { CommandLine } from '../../cli/command-line.js';
import { asJson } from '../../cli/shared-options.js';
import { someText, uuid } from '../../cli/values.js';

interface Options {
  readonly json?: boolean;
}

/** `schedules list` and `cancel`. */
export function scheduleCommands(program: Command, cli: CommandLine): void {
  const schedules = program.command('schedules').description('Shows and cancels commands that sagas have scheduled.');

  schedules
    .command('list')
    .description('Shows all scheduled commands that have not begun, in the order in which they are due.')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold schedules list')
    .action(async ({ json }: Options) => (await import('./show-schedules.js')).listSchedules(cli, json));

  schedules
    .command('cancel')
    .description('Cancels a scheduled command for ever, unless it has begun. The saga is not told.')
    .addArgument(new Argument('<id>', 'as in the list').argParser(uuid('<id>', '"leftfold schedules list"')))
    .addOption(new Option('--reason <text>', 'why; it is printed').argParser(someText('--reason')))
    .addOption(asJson())
    .addHelpText(
      'after',
      '\nExample:\n  leftfold schedules cancel 0198a3c4-5d6e-7f80-9a1b-2c3d4e5f6071 --reason "paid by phone"',
    )
    .action(async (id: string, options: Options & { readonly reason?: string }) =>
      (await import('./cancel-schedule.js')).cancelSchedule(cli, id, options),
    );
}
