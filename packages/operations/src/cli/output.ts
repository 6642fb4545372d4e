import type { Writable } from 'node:stream';
import type { OutputStream } from './invocation.js';
import { Progress } from './progress.js';

/** Where a command prints: only the answer on standard output, everything else on standard error. */
export class Output {
  constructor(
    private readonly answers: Writable,
    private readonly notes: OutputStream,
  ) {}

  /** Prints a part of the answer. */
  line(text: string): void {
    this.answers.write(`${text}\n`);
  }

  /** Prints the whole answer: as JSON for programs, or as text for people. */
  answer(asJson: boolean | undefined, value: object, lines: () => readonly string[]): void {
    if (asJson) this.line(JSON.stringify(value, null, 2));
    else for (const line of lines()) this.line(line);
  }

  /** Prints a message that is not part of the answer. */
  note(text: string): void {
    this.notes.write(`${text}\n`);
  }

  /** @param unit what is counted, such as `events` */
  progress(unit: string): Progress {
    return new Progress(this.notes, unit);
  }

  /** Resolves when all output has left this process. */
  async flushed(): Promise<void> {
    for (const stream of [this.answers, this.notes]) {
      // The callback gets an error too; the error listener handles it.
      await new Promise<void>((resolve) => stream.write('', () => resolve()));
    }
  }
}
