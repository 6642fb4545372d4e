import { type Command, Option } from 'commander';
import type { CommandLine } from '../../cli/command-line.js';
import { asJson } from '../../cli/shared-options.js';
import type { ReplayArguments } from './replay.js';

/** `personal-data replay`, `rotate` and `encrypt`. An application adds how it forgets somebody. */
export function personalKeyCommands(program: Command, cli: CommandLine): void {
  const group =
    program.commands.find((each) => each.name() === 'personal-data') ??
    program.command('personal-data').description('Forgets people, and looks after the keys of personal data.');

  group
    .command('replay')
    .argument('<certificates...>', 'files with certificates of forgetting')
    .summary('Forgets people again after keys were restored from a backup.')
    .description(
      'Forgets people again after keys were restored from a backup that is older than their forgetting: deletes the keys ' +
        'of those whom the certificates name, and what comes from them. If the log has lost the event of a forgetting, the ' +
        'application forgets the person again. It may run beside the application, and again. All ' +
        'certificates are verified first, with the keys of the proofs that the application has; every file that is wrong, or of ' +
        'another log, is named, and then nobody is forgotten. Exit code 1 also when the application did not forget somebody again.',
    )
    .addOption(
      new Option('--key <key>', 'former public key of the log; give it again for another one').argParser(
        (text: string, before: string[] | undefined) => [...(before ?? []), text],
      ),
    )
    .addOption(new Option('--unsigned', 'also certificates without a signature, although the log is sealed'))
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold personal-data replay certificates/*.json')
    .action(async (files: string[], options: ReplayArguments) =>
      (await import('./replay.js')).replay(cli, files, options),
    );

  group
    .command('rotate')
    .summary('Wraps all keys with the current master key.')
    .description(
      'Wraps the keys of all subjects with the current master key. First give all nodes the new master key and the one of ' +
        'before. It may run beside the application. Interrupted, it goes on where it was.',
    )
    .addOption(asJson())
    .action(async ({ json }: { json?: boolean }) => (await import('./rotate.js')).rotate(cli, json));

  group
    .command('encrypt')
    .summary('Says which stored events have personal fields as plain text.')
    .description(
      'Says which stored events have personal fields as plain text, because they are from before these were declared. It ' +
        'changes nothing: no row of the log is ever changed. It tells how to copy the log into one that has them encrypted.',
    )
    .addOption(asJson())
    .action(async ({ json }: { json?: boolean }) => (await import('./encrypt.js')).explainPlainEvents(cli, json));
}
