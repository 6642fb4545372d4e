import { DatabaseUnusableError, ExpectedError, NoEventLogError, SetupError } from '@leftfold/core';
import { describeFault } from './report-faults.js';
import { CommandRefusedError } from './usage.errors.js';

const EXPECTED = [ExpectedError, CommandRefusedError, SetupError, DatabaseUnusableError, NoEventLogError];

/**
 * A sentence for an error that was to be expected; a stack for a fault of ours.
 * @param explain what the application says of it, which knows its settings
 */
export function explainFailure(error: unknown, explain: (error: unknown) => string | undefined): string {
  if (error instanceof ExpectedError || error instanceof CommandRefusedError) return error.message;
  const sentence = explain(error);
  if (sentence !== undefined) return sentence;
  return EXPECTED.some((each) => error instanceof each) ? (error as Error).message : describeFault(error);
}
