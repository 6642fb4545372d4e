import { type CommandLine, someText } from '@leftfold/operations/cli';
import { Argument, type Command, Option } from 'commander';
import { emailOrUserId } from './email-or-user-id.js';

/** `personal-data forget`. */
export function personalDataCommands(program: Command, cli: CommandLine): void {
  const personalData =
    program.commands.find((each) => each.name() === 'personal-data') ??
    program.command('personal-data').description('Forgets people, and looks after the keys of personal data.');

  personalData
    .command('forget')
    .summary('Forgets a user for ever, and prints a certificate.')
    .description(
      'Forgets everything personal about a user, for ever, and prints a certificate that says so. Run again, it prints the same ' +
        'one. Exit code 1 when there is no certificate yet, because no node runs that carries the forgetting through.',
    )
    .addArgument(
      new Argument('<subject>', 'the e-mail address or the id of the user').argParser(emailOrUserId('<subject>')),
    )
    .addOption(
      new Option('--reason <text>', 'why; it is kept, so it must not name the user')
        .argParser(someText('--reason'))
        .makeOptionMandatory(),
    )
    .addHelpText(
      'after',
      '\nExample:\n  leftfold personal-data forget ann@example.com --reason "asked by letter" > ann.json',
    )
    .action(async (who: string, { reason }: { reason: string }) =>
      (await import('./forget-user.js')).forgetUser(cli, who, reason),
    );
}
