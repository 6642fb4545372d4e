import type { Writable } from 'node:stream';

/** The codes that shells show for a process that a signal has ended. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const NOBODY_READS = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);
/** How long a command may take to end in order, in ms. Whoever sent the signal waits for 10 s. */
const LIMIT = 9_500;

/** What ends a command before its end: Ctrl-C, SIGTERM, or that nobody reads what it prints. */
export class Interruption {
  private readonly controller = new AbortController();
  private code: number | undefined;

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** With which exit code it ends, once it was interrupted. */
  get exitCode(): number | undefined {
    return this.code;
  }

  /** A second signal ends the process at once. */
  listen(outputs: readonly Writable[]): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (this.code) process.exit(this.code);
        this.interrupt(CODES[signal]);
      });
    }
    for (const output of outputs) {
      output.on('error', (error: NodeJS.ErrnoException) => {
        if (!NOBODY_READS.has(error.code ?? '')) throw error;
        // As in `| head`: whoever read has seen enough.
        this.interrupt(0);
      });
    }
  }

  private interrupt(code: number): void {
    if (this.code !== undefined) return;
    this.code = code;
    this.controller.abort();
    setTimeout(() => process.exit(code), LIMIT).unref();
  }
}
