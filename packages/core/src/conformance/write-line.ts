import { writeSync } from 'node:fs';

const STDOUT = 1;
const PAUSE = 1;

/**
 * Writes one line to standard output before it returns, so that a line written before a kill is not lost. A pipe whose reader is
 * slow refuses it for the moment (EAGAIN); then it tries again, after a pause in ms. A line of up to 4 KiB is written whole.
 */
export function writeLine(line: string): void {
  for (;;) {
    try {
      writeSync(STDOUT, `${line}\n`);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE);
    }
  }
}
