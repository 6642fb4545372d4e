import { Argument, type Command } from 'commander';
import type { CommandLine } from '../cli/command-line.js';
import { asJson } from '../cli/shared-options.js';
import { someText } from '../cli/values.js';

/** Adds `backup` to a command line. It copies SQLite files, or prints the commands that copy a PostgreSQL database. */
export function backupCommand(program: Command, cli: CommandLine): void {
  program
    .command('backup')
    .summary('Copies the log and the read models into a folder.')
    .description(
      'Copies the SQLite files of the log and the read models into a folder, also while the application runs and writes. For ' +
        'PostgreSQL it copies nothing, and prints the commands that do.',
    )
    .addArgument(
      new Argument('<folder>', 'created if missing; files in it are never replaced').argParser(someText('<folder>')),
    )
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold backup /var/backups/leftfold/$(date +%F)')
    .action(async (folder: string, options: { json?: boolean }) =>
      (await import('./make-backup.js')).makeBackup(cli, folder, options.json),
    );
}
