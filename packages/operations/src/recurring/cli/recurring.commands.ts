import type { Command } from 'commander';
import type { CommandLine } from '../../cli/command-line.js';
import { asJson } from '../../cli/shared-options.js';

interface Options {
  readonly json?: boolean;
}

/** `recurring list`, `pause`, `resume` and `run`. */
export function recurringCommands(program: Command, cli: CommandLine): void {
  const recurring = program.command('recurring').description('Shows and controls the recurring jobs.');

  recurring
    .command('list')
    .description('Shows all recurring jobs: when each is due, and when it ran last.')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold recurring list')
    .action(async ({ json }: Options) => (await import('./recurring-jobs.js')).listRecurringJobs(cli, json));

  recurring
    .command('pause')
    .description('Pauses a recurring job until it is resumed. Due times during the pause are not made up for.')
    .argument('<name>', 'as in the list')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold recurring pause reports.daily-report')
    .action(async (name: string, { json }: Options) =>
      (await import('./recurring-jobs.js')).pauseRecurringJob(cli, name, json),
    );

  recurring
    .command('resume')
    .description('Resumes a paused recurring job at its next due time.')
    .argument('<name>', 'as in the list')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold recurring resume reports.daily-report')
    .action(async (name: string, { json }: Options) =>
      (await import('./recurring-jobs.js')).resumeRecurringJob(cli, name, json),
    );

  recurring
    .command('run')
    .description('Runs a recurring job once more, now, in a process of the application. Its next due time stays.')
    .argument('<name>', 'as in the list')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold recurring run reports.daily-report')
    .action(async (name: string, { json }: Options) =>
      (await import('./recurring-jobs.js')).runRecurringJob(cli, name, json),
    );
}
