import type { Command } from 'commander';
import type { CommandLine } from '../../cli/command-line.js';
import { asJson } from '../../cli/shared-options.js';

/** `nodes list`. */
export function nodeCommands(program: Command, cli: CommandLine): void {
  program
    .command('nodes')
    .description('Shows the processes of the application that are alive.')
    .command('list')
    .description('Shows all nodes: what each does, its version, and the partitions that it runs.')
    .addOption(asJson())
    .addHelpText('after', '\nExample:\n  leftfold nodes list')
    .action(async ({ json }: { readonly json?: boolean }) => (await import('./show-nodes.js')).listNodes(cli, json));
}
