import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm repeats a Ctrl+C that its program has got already, in ms. */
const SAME = 1_000;

/**
 * Ctrl+C and the like. The first one ends the benchmark in order, with the table of what was measured; the next one ends it
 * at once.
 */
export class Interruption {
  private at: number | undefined;
  private stop: (() => void) | undefined;
  private signal: (typeof SIGNALS)[number] | undefined;

  constructor() {
    for (const signal of SIGNALS) process.on(signal, () => this.come(signal));
  }

  /** Calls back at once when it has come already. */
  whenItComes(stop: () => void): void {
    this.stop = stop;
    if (this.signal) stop();
  }

  /** 130 after Ctrl+C, as shells have it; 0 without an interruption. */
  get exitCode(): number {
    return this.signal ? 128 + constants.signals[this.signal] : 0;
  }

  private come(signal: (typeof SIGNALS)[number]): void {
    const now = performance.now();
    if (this.at === undefined) {
      this.at = now;
      this.signal = signal;
      this.stop?.();
    } else if (now - this.at > SAME) {
      process.exit(this.exitCode);
    }
  }
}
