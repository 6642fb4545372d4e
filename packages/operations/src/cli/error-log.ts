import type { LoggerService } from '@nestjs/common';
import { describeFault } from './report-faults.js';
import type { Output } from './output.js';

/** The application's log while a command runs: errors, on standard error. The rest would stand between the answers. */
export function errorLog(output: Output): LoggerService {
  const print = (message: unknown, ...more: unknown[]): void => {
    output.note(message instanceof Error ? describeFault(message) : String(message));
    // A stack comes as a text of several lines beside the message; the other one is the name of the logger.
    for (const text of more) if (typeof text === 'string' && text.includes('\n')) output.note(text);
  };
  return { log: () => undefined, warn: () => undefined, error: print, fatal: print };
}
