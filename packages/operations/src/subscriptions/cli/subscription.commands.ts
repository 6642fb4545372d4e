import { type Command, Option } from 'commander';
import type { CommandLine } from '../../cli/command-line.js';
import { positionOrTime, someText, uuid } from '../../cli/values.js';
import type { CopyArguments } from './copy-read-model.js';
import { asJson } from '../../cli/shared-options.js';

interface Options {
  readonly json?: boolean;
}

/** `subscriptions list`, `show`, `pause`, `resume`, `skip`, `rebuild`, `copy`, and `gone`, `move` and `discard` for subscriptions that are gone. */
export function subscriptionCommands(program: Command, cli: CommandLine): void {
  const subscriptions = program
    .command('subscriptions')
    .description('Shows and controls the subscriptions: read models, side effects and sagas.');

  subscriptions
    .command('list')
    .description(
      'Shows all subscriptions: how far each is, and which process runs it. Handlers of messages of a broker follow, with what waits there.',
    )
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold subscriptions list')
    .action(async ({ json }: Options) => (await import('./show-subscriptions.js')).listSubscriptions(cli, json));

  subscriptions
    .command('show')
    .description('Shows one subscription, with its last error and its last rebuild.')
    .argument('<name>', 'as in the list')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold subscriptions show users.user-view')
    .action(async (name: string, { json }: Options) =>
      (await import('./show-subscriptions.js')).showSubscription(cli, name, json),
    );

  subscriptions
    .command('pause')
    .summary('Pauses a subscription until it is resumed.')
    .description('Pauses a subscription after its current batch, until it is resumed. Waits until no process runs it.')
    .argument('<name>', 'as in the list')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold subscriptions pause users.welcome-mail')
    .action(async (name: string, { json }: Options) =>
      (await import('./pause-and-resume.js')).pauseSubscription(cli, name, json),
    );

  subscriptions
    .command('resume')
    .description('Resumes a paused or stopped subscription at its checkpoint.')
    .argument('<name>', 'as in the list')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold subscriptions resume users.welcome-mail')
    .action(async (name: string, { json }: Options) =>
      (await import('./pause-and-resume.js')).resumeSubscription(cli, name, json),
    );

  subscriptions
    .command('skip')
    .summary('Skips the event at which a subscription has stopped.')
    .description(
      'Skips the event at which a subscription has stopped after an error: it never handles that event, and goes on with the next one. ' +
        'The reason is stored in the event log.',
    )
    .argument('<name>', 'as in the list')
    .addOption(
      new Option('--event <id>', 'id of the event, as in the refusal of another id')
        .argParser(uuid('--event', '"leftfold log tail"'))
        .makeOptionMandatory(),
    )
    .addOption(new Option('--reason <text>', 'why; it is stored').argParser(someText('--reason')).makeOptionMandatory())
    .addOption(asJson())
    .addHelpText(
      'after',
      '\nExample:\n  leftfold subscriptions skip users.user-view --event 0198a3c4-5d6e-7f80-9a1b-2c3d4e5f6071 --reason "made by a bug, see #123"',
    )
    .action(async (name: string, options: Options & { readonly event: string; readonly reason: string }) =>
      (await import('./skip-event.js')).skipEvent(cli, name, options),
    );

  subscriptions
    .command('rebuild')
    .summary('Rebuilds a read model from the log, and shows the differences.')
    .description(
      'Rebuilds a read model from the log while the old rows stay in use, and shows the differences. Does the work itself if no ' +
        'process runs the read model.',
    )
    .argument('<name>', 'as in the list')
    .addOption(new Option('--dry-run', 'compare only, and keep the old rows'))
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

  copyCommand(subscriptions, cli);
  goneCommands(subscriptions, cli);
}

function copyCommand(subscriptions: Command, cli: CommandLine): void {
  subscriptions
    .command('copy')
    .summary('Fills a copy of a read model, as it was at a moment.')
    .description(
      'Fills a copy of a read model from the log, as of a moment, in a database of its own, such as for an auditor. The live one ' +
        'is not touched. Interrupted, the same command goes on where it was.',
    )
    .argument('<name>', 'as in the list')
    .addOption(
      new Option('--until <position-or-time>', 'the moment; default: the end of the log').argParser(
        positionOrTime('--until'),
      ),
    )
    .addOption(
      new Option('--into <database>', 'a new file.sqlite, or the URL of an empty PostgreSQL database')
        .argParser(someText('--into'))
        .makeOptionMandatory(),
    )
    .addOption(asJson())
    .addHelpText(
      'after',
      '\nExample:\n  leftfold subscriptions copy orders.order-view --until 2026-01-31 --into orders.sqlite',
    )
    .action(async (name: string, options: CopyArguments) =>
      (await import('./copy-read-model.js')).copyReadModel(cli, name, options),
    );
}

/** For side effects and sagas that the program no longer has, or has under another name. */
function goneCommands(subscriptions: Command, cli: CommandLine): void {
  subscriptions
    .command('gone')
    .description('Shows the remaining work of side effects and sagas that this program no longer has.')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold subscriptions gone')
    .action(async ({ json }: Options) => (await import('./gone-subscriptions.js')).listGoneSubscriptions(cli, json));

  subscriptions
    .command('move')
    .summary('Moves the remaining work of a gone subscription to another one.')
    .description(
      'Moves the remaining events and commands of a gone subscription to another one, such as the same one under its new name. ' +
        'Events that the other one has delivered itself are left out.',
    )
    .argument('<name>', 'as in "leftfold subscriptions gone"')
    .argument('<successor>', 'as in "leftfold subscriptions list"')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold subscriptions move users.greeting users.welcome-mail')
    .action(async (name: string, successor: string, { json }: Options) =>
      (await import('./gone-subscriptions.js')).moveGoneSubscription(cli, name, successor, json),
    );

  subscriptions
    .command('discard')
    .description(
      'Discards the remaining work of a gone subscription permanently, with its checkpoint. Events stay in the log.',
    )
    .argument('<name>', 'as in "leftfold subscriptions gone"')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold subscriptions discard users.greeting')
    .action(async (name: string, { json }: Options) =>
      (await import('./gone-subscriptions.js')).discardGoneSubscription(cli, name, json),
    );
}
