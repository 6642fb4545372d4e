export { logCommands } from '../audit/cli/log.commands.js';
export { backupCommand } from '../backup/backup.command.js';
export { type Alignment, Columns, table, fields, printable } from './columns.js';
export {
  type AddCommands,
  type ApplicationDatabases,
  type Application,
  CommandLine,
  type Opening,
} from './command-line.js';
export { count, counted, share, size, duration } from './format.js';
export { Interruption } from './interruption.js';
export type { OutputStream, Invocation } from './invocation.js';
export { Output } from './output.js';
export { endOnUncaughtFaults } from './uncaught-faults.js';
export { runAsProcess } from './run-as-process.js';
export { runCommandLine } from './run-command-line.js';
export { asJson } from './shared-options.js';
export { UsageError, CommandRefusedError } from './usage.errors.js';
export { wholeNumber, time, uuid, oneOf, someText, wrongValue } from './values.js';
export { nodeCommands } from '../nodes/cli/node.commands.js';
export { recurringCommands } from '../recurring/cli/recurring.commands.js';
export { scheduleCommands } from '../schedules/cli/schedule.commands.js';
export { deadLetterCommands } from '../subscriptions/cli/dead-letter.commands.js';
export { subscriptionCommands } from '../subscriptions/cli/subscription.commands.js';
export type { Progress } from './progress.js';
export { lookUpCommands } from '../look-ups/cli/look-up.commands.js';
export { personalKeyCommands } from '../personal-data/cli/personal-key.commands.js';
export { tagCommands } from '../tags/cli/tag.commands.js';
