import { type Command, Option } from 'commander';
import type { CommandLine } from '../../cli/command-line.js';
import { asJson } from '../../cli/shared-options.js';

/** `tags rebuild`. */
export function tagCommands(program: Command, cli: CommandLine): void {
  const tags = program.command('tags').description('Looks after the tags by which decisions find events.');

  tags
    .command('rebuild')
    .summary("Gives stored events the tags of today's classes.")
    .description(
      "Gives stored events the tags of today's classes, for the types that lack some. It adds tags and removes none. It " +
        'may run beside the application, once every node runs this version. Interrupted, it goes on where it was.',
    )
    .addOption(new Option('--dry-run', 'only count the tags that are missing'))
    .addOption(new Option('--all', 'also read the types that are recorded as complete, from the beginning'))
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold tags rebuild --dry-run')
    .action(async (options: { all?: boolean; dryRun?: boolean; json?: boolean }) =>
      (await import('./rebuild-tags.js')).rebuildTags(cli, options),
    );
}
