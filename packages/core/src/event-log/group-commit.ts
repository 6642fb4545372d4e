import { EventLogUnavailableError } from './event-log.errors.js';
import type { Outcome } from './outcome.js';
import type { PreparedAppend } from './prepared-append.js';

/** Where batches go. */
export interface BatchTarget {
  /** Stores a batch whose appends don't touch one another, in one transaction. Rejects when the outcome is not known. */
  commit(batch: readonly PreparedAppend[]): Promise<Outcome[]>;
  /** Stores one append whose earlier try failed in an unknown way, or finds what became of that try. */
  commitAgain(append: PreparedAppend): Promise<Outcome>;
}

interface Waiting {
  readonly append: PreparedAppend;
  readonly settle: (outcome: Outcome) => void;
  readonly fail: (error: unknown) => void;
}

const MAX_APPENDS = 512;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_WAITING = 20_000;
/** How far into the queue a batch looks for appends that don't clash. */
const LOOK_AHEAD = 2_048;
/** So many appends of a batch that failed wait for the log in vain before the rest is refused. */
const MOST_UNANSWERED = 2;

/**
 * Group commit: while one batch is under way, appends queue up, and all that wait go as the next. Appends that touch
 * the same stream, tag or command id never share a batch: the later one waits, so that order of arrival is kept and a
 * batch can be judged as a set. When a batch fails as a whole, each of its appends goes again alone.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;
  private closed = false;

  constructor(private readonly target: BatchTarget) {}

  submit(append: PreparedAppend): Promise<Outcome> {
    if (this.closed || this.waiting.length >= MAX_WAITING) return Promise.reject(new EventLogUnavailableError());
    return new Promise<Outcome>((settle, fail) => {
      this.waiting.push({ append, settle, fail });
      this.running ??= this.run();
    });
  }

  /** Lets what waits be stored, and takes nothing more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      // Whoever got an answer from the last batch may have its next append ready by now.
      await new Promise<void>((resume) => setImmediate(resume));
      await this.commit(this.nextBatch());
    }
    this.running = undefined;
  }

  private nextBatch(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const written = new Set<string>();
    const read = new Set<string>();
    let bytes = 0;
    let full = false;
    for (const [index, each] of this.waiting.entries()) {
      if (full || index >= LOOK_AHEAD) {
        left.push(...this.waiting.slice(index));
        break;
      }
      const { append } = each;
      const clashes =
        append.writes.some((key) => written.has(key) || read.has(key)) || append.reads.some((key) => written.has(key));
      const fits = batch.length === 0 || bytes + append.bytes <= MAX_BYTES;
      // What an append touches counts also when it has to wait, so that nobody behind overtakes it.
      for (const key of append.writes) written.add(key);
      for (const key of append.reads) read.add(key);
      if (clashes || !fits) {
        left.push(each);
        continue;
      }
      batch.push(each);
      bytes += append.bytes;
      full = batch.length >= MAX_APPENDS;
    }
    this.waiting = left;
    return batch;
  }

  private async commit(batch: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.target.commit(batch.map((each) => each.append));
      batch.forEach((each, index) => each.settle(outcomes[index]!));
    } catch {
      // The error belongs to one append, or to the connection. Each goes again alone, and gets its own answer.
      await this.commitOneByOne(batch);
    }
  }

  private async commitOneByOne(batch: readonly Waiting[]): Promise<void> {
    const unavailable: EventLogUnavailableError[] = [];
    for (const { append, settle, fail } of batch) {
      try {
        // One that is not answered may be the one that broke the batch. After a second, the log itself does not answer,
        // and the others don't wait for it one after the other.
        if (unavailable.length >= MOST_UNANSWERED) throw unavailable.at(-1)!;
        settle(await this.target.commitAgain(append));
      } catch (error) {
        if (error instanceof EventLogUnavailableError) unavailable.push(error);
        fail(error);
      }
    }
  }
}
