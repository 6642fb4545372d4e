import { type Command, Option } from 'commander';
import type { CommandLine } from '../../cli/command-line.js';
import { asJson } from '../../cli/shared-options.js';
import { UsageError } from '../../cli/usage.errors.js';

interface ForgetOptions {
  readonly reason?: string;
  readonly replay?: readonly string[];
  readonly json?: boolean;
}

/** `personal-data forget`, `rotate` and `encrypt`. */
export function personalDataCommands(program: Command, cli: CommandLine): void {
  const group = program.command('personal-data').description('Forgets people, and looks after the keys of their data.');

  group
    .command('forget')
    .argument('[subject]', 'whom to forget, such as the id of a user')
    .summary('Forgets a person for ever.')
    .description(
      'Forgets a person for ever: appends the event that says so. The application deletes the key and everything else. With ' +
        '--replay, deletes the keys again of those whom certificates name, after keys were restored from an older backup.',
    )
    .addOption(new Option('--reason <text>', 'why, for the log; nothing personal'))
    .addOption(new Option('--replay <certificates...>', 'files with certificates of forgetting'))
    .addOption(asJson())
    .addHelpText(
      'after',
      '\nExamples:\n  leftfold personal-data forget 0190b6a4-... --reason "asked by letter"' +
        '\n  leftfold personal-data forget --replay certificates/*.json',
    )
    .action(async (subject: string | undefined, options: ForgetOptions) => {
      const { forget, replay } = await import('./forget.js');
      if (options.replay) {
        if (subject !== undefined) throw new UsageError('With --replay, the certificates name the subjects.');
        return replay(cli, options.replay, options.json);
      }
      if (subject === undefined) throw new UsageError('Name the subject, or certificates with --replay.');
      if (!options.reason?.trim()) throw new UsageError('Say why, with --reason <text>.');
      return forget(cli, { subject, reason: options.reason.trim() }, options.json);
    });

  group
    .command('rotate')
    .summary('Wraps all keys with the current master key.')
    .description(
      'Wraps the keys of all subjects with the current master key. Give the application the new master key and the one of ' +
        'before first. It may run beside the application. Interrupted, it goes on where it was.',
    )
    .addOption(asJson())
    .action(async ({ json }: { json?: boolean }) => (await import('./rotate.js')).rotate(cli, json));

  group
    .command('encrypt')
    .summary('Says which stored events have personal fields as plain text.')
    .description(
      'Says which stored events have personal fields as plain text, because they are from before these were declared. It ' +
        'changes nothing: no row of the log is ever changed. It says what can be done.',
    )
    .addOption(asJson())
    .action(async ({ json }: { json?: boolean }) => (await import('./encrypt.js')).explainPlainEvents(cli, json));
}
