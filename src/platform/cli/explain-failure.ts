import { ExpectedError } from '@leftfold/core';
import type { Environment } from '../config/variables.js';
import { describeFault } from '../process/report-faults.js';
import { explainStartFailure } from '../process/start-failure.js';
import { CommandRefusedError } from './usage.errors.js';

/** A sentence for an error that was to be expected; a stack for a fault of ours. */
export function explainFailure(error: unknown, env: Environment | undefined): string {
  if (error instanceof ExpectedError || error instanceof CommandRefusedError) return error.message;
  return explainStartFailure(error, env) ?? describeFault(error);
}
