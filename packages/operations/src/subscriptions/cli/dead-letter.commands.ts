import { Argument, type Command } from 'commander';
import type { CommandLine } from '../../cli/command-line.js';
import { asJson } from '../../cli/shared-options.js';
import { uuid } from '../../cli/values.js';

interface Options {
  readonly json?: boolean;
}

const id = (): Argument =>
  new Argument('<id>', 'as in the list').argParser(uuid('<id>', '"leftfold dead-letters list"'));

/** `dead-letters list`, `show`, `retry` and `discard`. */
export function deadLetterCommands(program: Command, cli: CommandLine): void {
  const deadLetters = program
    .command('dead-letters')
    .description('Shows, retries and discards dead letters: events, commands and messages that failed for good.');

  deadLetters
    .command('list')
    .description('Shows all dead letters, in the order in which they were created.')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold dead-letters list')
    .action(async ({ json }: Options) => (await import('./show-dead-letters.js')).listDeadLetters(cli, json));

  deadLetters
    .command('show')
    .description('Shows one dead letter, with the error and the stack of its last attempt.')
    .addArgument(id())
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold dead-letters show 0198a3c4-5d6e-7f80-9a1b-2c3d4e5f6071')
    .action(async (letterId: string, { json }: Options) =>
      (await import('./show-dead-letters.js')).showDeadLetter(cli, letterId, json),
    );

  deadLetters
    .command('retry')
    .summary('Retries a dead letter, and waits for the outcome.')
    .description(
      'Retries a dead letter with the full number of attempts, and waits for the outcome. Makes the attempts itself if no ' +
        'process runs the subscription. Exit code 1 if it becomes a dead letter again.',
    )
    .addArgument(id())
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold dead-letters retry 0198a3c4-5d6e-7f80-9a1b-2c3d4e5f6071')
    .action(async (letterId: string, { json }: Options) =>
      (await import('./retry-dead-letter.js')).retryDeadLetter(cli, letterId, json),
    );

  deadLetters
    .command('discard')
    .description('Discards a dead letter permanently. Those that wait behind it continue. An event stays in the log.')
    .addArgument(id())
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold dead-letters discard 0198a3c4-5d6e-7f80-9a1b-2c3d4e5f6071')
    .action(async (letterId: string, { json }: Options) =>
      (await import('./discard-dead-letter.js')).discardDeadLetter(cli, letterId, json),
    );
}
