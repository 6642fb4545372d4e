import {
  DatabaseUnusableError,
  ExpectedError,
  explainDatabaseFailure,
  NoEventLogError,
  SetupError,
} from '@leftfold/core';
import { describeFault } from './report-faults.js';
import { CommandRefusedError } from './usage.errors.js';

const EXPECTED = [ExpectedError, CommandRefusedError, SetupError, DatabaseUnusableError, NoEventLogError];

/**
 * One sentence for an expected error, or one of the database that is none of the program's; the stack for a fault of the program.
 * @param explain explains an error with the application's settings
 */
export function explainFailure(error: unknown, explain: (error: unknown) => string | undefined): string {
  if (error instanceof ExpectedError || error instanceof CommandRefusedError) return error.message;
  const sentence = explain(error) ?? explainDatabaseFailure(error);
  if (sentence !== undefined) return sentence;
  return EXPECTED.some((each) => error instanceof each) ? (error as Error).message : describeFault(error);
}
