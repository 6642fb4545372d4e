import type { Writable } from 'node:stream';
import type { OutputStream } from './invocation.js';
import { Progress } from './progress.js';

/** Where a command prints: the answer on standard output and nothing else, all else on standard error. */
export class Output {
  constructor(
    private readonly answers: Writable,
    private readonly notes: OutputStream,
  ) {}

  /** A part of the answer. */
  line(text: string): void {
    this.answers.write(`${text}\n`);
  }

  /** The whole answer: for programs, or for people. */
  answer(asJson: boolean | undefined, value: object, lines: () => readonly string[]): void {
    if (asJson) this.line(JSON.stringify(value, null, 2));
    else for (const line of lines()) this.line(line);
  }

  /** What is no part of the answer. */
  note(text: string): void {
    this.notes.write(`${text}\n`);
  }

  /** @param unit what is counted, such as `events` */
  progress(unit: string): Progress {
    return new Progress(this.notes, unit);
  }

  /** Settles when all of it has left this process. */
  async flushed(): Promise<void> {
    for (const stream of [this.answers, this.notes]) {
      // The callback comes with an error too; the listener for errors deals with it.
      await new Promise<void>((resolve) => stream.write('', () => resolve()));
    }
  }
}
