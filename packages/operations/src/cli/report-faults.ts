import { type LoggedError, serializeError } from '@leftfold/core';
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';

const STDERR = 2;

/** Writes an error with its stack and its causes to standard error, at once. */
export function printFault(error: unknown): void {
  printError(describeFault(error));
}

/** The stack of an error and of its causes, without other properties. */
export function describeFault(error: unknown): string {
  return stackOf(serializeError(error));
}

/** Synchronous, because the process is about to end. */
export function printError(text: string): void {
  writeSync(STDERR, `${text}\n`);
}

function stackOf({ stack, message, cause }: LoggedError): string {
  const own = stack ?? inspect(message);
  return cause ? `${own}\ncaused by ${stackOf(cause)}` : own;
}
