import { type Command, Option } from 'commander';
import type { CommandLine } from '../../platform/cli/command-line.js';
import { asJson } from '../../platform/cli/shared-options.js';

interface Options {
  readonly json?: boolean;
}

/** `subscriptions list`, `show`, `pause`, `resume` and `rebuild`. */
export function subscriptionCommands(program: Command, cli: CommandLine): void {
  const subscriptions = program
    .command('subscriptions')
    .description('Watches and steers what follows the log: read models, side effects and sagas.');

  subscriptions
    .command('list')
    .description('Shows all of them: how far each is, and which process runs it.')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold subscriptions list')
    .action(async ({ json }: Options) => (await import('./show-subscriptions.js')).listSubscriptions(cli, json));

  subscriptions
    .command('show')
    .description('Shows one of them, with its last error and its last rebuild.')
    .argument('<name>', 'as in the list')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold subscriptions show users.user-view')
    .action(async (name: string, { json }: Options) =>
      (await import('./show-subscriptions.js')).showSubscription(cli, name, json),
    );

  subscriptions
    .command('pause')
    .summary('Ends one of them until it is resumed.')
    .description('Ends one of them after what it is at, until it is resumed. Waits until nobody works on it any more.')
    .argument('<name>', 'as in the list')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold subscriptions pause users.welcome-mail')
    .action(async (name: string, { json }: Options) =>
      (await import('./halt-subscription.js')).pauseSubscription(cli, name, json),
    );

  subscriptions
    .command('resume')
    .description('Lets one that is paused or has stopped go on where it ended.')
    .argument('<name>', 'as in the list')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold subscriptions resume users.welcome-mail')
    .action(async (name: string, { json }: Options) =>
      (await import('./halt-subscription.js')).resumeSubscription(cli, name, json),
    );

  subscriptions
    .command('rebuild')
    .summary('Makes a read model anew from the log, and shows how it differed.')
    .description(
      'Makes a read model anew from the log while the old rows serve, and shows how they differed. Does the work itself when no ' +
        'process runs the read model.',
    )
    .argument('<name>', 'as in the list')
    .addOption(new Option('--dry-run', 'compare, and leave the rows as they are'))
    .addOption(asJson())
    .addHelpText(
      'after',
      `
Examples:
  leftfold subscriptions rebuild users.user-view --dry-run    what would change?
  leftfold subscriptions rebuild users.user-view`,
    )
    .action(async (name: string, options: Options & { readonly dryRun?: boolean }) =>
      (await import('./rebuild-read-model.js')).rebuildReadModel(cli, name, options),
    );
}
