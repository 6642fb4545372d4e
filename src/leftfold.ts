import { relayCommands } from '@leftfold/nats/cli';
import {
  backupCommand,
  deadLetterCommands,
  type Invocation,
  logCommands,
  nodeCommands,
  runCommandLine,
  recurringCommands,
  scheduleCommands,
  subscriptionCommands,
  lookUpCommands,
  personalKeyCommands,
  tagCommands,
} from '@leftfold/operations/cli';
import { proofCommands } from '@leftfold/proofs/cli';
import { Command } from 'commander';
import { personalDataCommands } from './users/cli/personal-data.commands.js';
import { userCommands } from './users/cli/user.commands.js';

const COMMANDS = [
  logCommands,
  subscriptionCommands,
  nodeCommands,
  scheduleCommands,
  recurringCommands,
  deadLetterCommands,
  relayCommands('Set NATS_URL.'),
  proofCommands,
  lookUpCommands,
  tagCommands,
  personalKeyCommands,
  userCommands,
  personalDataCommands,
  backupCommand,
];

/** The program `leftfold`: the operators' commands and those of the features. Returns the exit code. */
export function leftfold(invocation: Invocation): Promise<number> {
  const program = new Command('leftfold')
    .description('Operates the event log and its subscriptions, also while the application runs.')
    .addHelpText(
      'after',
      `
It reads the same environment variables and the same .env as the application; DATABASE_URL says where the log is.
Answers go to standard output, everything else to standard error.

Exit codes: 0 done, 1 refused or found something bad, 2 typed wrongly.

Examples:
  leftfold log tail --follow                               watch what happens
  leftfold log verify                                      check the log, and everybody who follows it
  leftfold subscriptions list                              see who follows the log, and how far they are
  leftfold users grant-role ann@example.com operator       make an operator`,
    );

  return runCommandLine(invocation, program, COMMANDS, {
    async loadModule(opening = {}) {
      const { AppModule } = await import('./app.module.js');
      return AppModule.forRoot(invocation.env, 'command-line', opening);
    },
    async databases() {
      const { readSettings } = await import('./platform/config/read-settings.js');
      return readSettings(invocation.env);
    },
    async explain() {
      const { explainStartFailure } = await import('./platform/process/start-failure.js');
      return (error) => explainStartFailure(error, invocation.env);
    },
  });
}
