import type { LoggerService } from '@nestjs/common';
import { printError, printFault } from '../process/report-faults.js';

/** The application's log while a command runs: errors, on standard error. The rest would stand between the answers. */
export const errorsAlone: LoggerService = {
  log: () => undefined,
  warn: () => undefined,
  error: print,
  fatal: print,
};

function print(message: unknown, ...more: unknown[]): void {
  if (message instanceof Error) printFault(message);
  else printError(String(message));
  // A stack comes as a text of several lines beside the message; the other one is the name of the logger.
  for (const text of more) if (typeof text === 'string' && text.includes('\n')) printError(text);
}
