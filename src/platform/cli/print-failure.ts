import { ExpectedError } from '../../event-sourcing/index.js';
import { printError, printFault } from '../process/report-faults.js';
import { explainStartFailure } from '../process/start-failure.js';
import { CommandRefusedError } from './usage.errors.js';

/** A sentence for what was to be expected; a stack for a fault of ours. */
export function printFailure(error: unknown): void {
  const sentence =
    error instanceof ExpectedError || error instanceof CommandRefusedError
      ? error.message
      : explainStartFailure(error, process.env);
  if (sentence) printError(sentence);
  else printFault(error);
}
