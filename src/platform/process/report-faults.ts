import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { type LoggedError, serializeError } from '../logging/error-serializer.js';

const STDERR = 2;

/** Node would print every property of an error that nobody caught, and database errors carry what people sent. */
export function endOnUncaughtFaults(): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      printFault(error);
      process.exit(1);
    });
  }
}

export function printFault(error: unknown): void {
  printError(describeFault(error));
}

/** The stack of an error and of its causes, without other properties. */
export function describeFault(error: unknown): string {
  return stackOf(serializeError(error));
}

/** At once, because the process is about to end. */
export function printError(text: string): void {
  writeSync(STDERR, `${text}\n`);
}

function stackOf({ stack, message, cause }: LoggedError): string {
  const own = stack ?? inspect(message);
  return cause ? `${own}\ncaused by ${stackOf(cause)}` : own;
}
