import type { LoggerService } from '@nestjs/common';
import { describeFault } from './report-faults.js';
import type { Output } from './output.js';

/** The application's log while a command runs: only errors, on standard error. Other lines would mix with the answer. */
export function errorLog(output: Output): LoggerService {
  const print = (message: unknown, ...more: unknown[]): void => {
    output.note(message instanceof Error ? describeFault(message) : String(message));
    // Nest passes a stack as a second text of several lines; the other text is the name of the logger.
    for (const text of more) if (typeof text === 'string' && text.includes('\n')) output.note(text);
  };
  return { log: () => undefined, warn: () => undefined, error: print, fatal: print };
}
