/** The exit codes that shells use for a process ended by a signal. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Ends a command early: on Ctrl-C, on SIGTERM, or when the reader of its output is gone. */
export class Interruption {
  private readonly controller = new AbortController();
  private code: number | undefined;

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The exit code of an interrupted command. */
  get exitCode(): number | undefined {
    return this.code;
  }

  bySignal(signal: keyof typeof CODES): void {
    this.interrupt(CODES[signal]);
  }

  /** As with `| head`: the reader has closed the pipe. */
  byClosedOutput(): void {
    this.interrupt(0);
  }

  private interrupt(code: number): void {
    if (this.code !== undefined) return;
    this.code = code;
    this.controller.abort();
  }
}
