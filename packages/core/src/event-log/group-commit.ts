import { EventLogUnavailableError } from './event-log.errors.js';
import type { Outcome } from './outcome.js';
import type { PreparedAppend } from './prepared-append.js';

/** Receives batches and stores them. */
export interface BatchTarget {
  /** Stores a batch of appends that don't conflict, in one transaction. Rejects when the outcome is not known. */
  commit(batch: readonly PreparedAppend[]): Promise<Outcome[]>;
  /** Stores one append whose earlier attempt had an unknown outcome, or finds the outcome of that attempt. */
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
/** How many queued appends are searched for ones that don't conflict with the batch. */
const LOOK_AHEAD = 2_048;
/** After a batch failed, so many of its appends wait for the log in vain before the rest are refused. */
const MOST_UNANSWERED = 2;

/**
 * Group commit: while one batch is in progress, appends queue up, and the queued ones form the next batch. Appends that
 * use the same stream, event id or command id are never in the same batch, nor are a condition and an event that it may
 * match: the later one waits, so that they are stored in order of arrival and a batch can be checked as a set. When a batch fails as a whole, each of its appends is sent
 * again alone.
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

  /** Stores the queued appends and accepts no more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.waiting.length > 0) {
      // A caller that just got its result may send its next append at once, so that it is part of the next batch.
      await new Promise<void>((resume) => setImmediate(resume));
      await this.commit(this.nextBatch());
    }
    this.running = undefined;
  }

  private nextBatch(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const owned = new Set<string>();
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
        append.owns.some((key) => owned.has(key)) ||
        append.reads.some((key) => written.has(key)) ||
        (read.size > 0 && append.writes.some((key) => read.has(key)));
      const fits = batch.length === 0 || bytes + append.bytes <= MAX_BYTES;
      // The keys of a waiting append count, too, so that no later append overtakes it.
      for (const key of append.owns) owned.add(key);
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
      // The error may belong to one append or to the connection. Each append is sent again alone and gets its own
      // outcome.
      await this.commitOneByOne(batch);
    }
  }

  private async commitOneByOne(batch: readonly Waiting[]): Promise<void> {
    const unavailable: EventLogUnavailableError[] = [];
    for (const { append, settle, fail } of batch) {
      try {
        // A single append without an answer may be the one that broke the batch. After two, the log itself does not
        // answer, and the other appends are refused without waiting one after the other.
        if (unavailable.length >= MOST_UNANSWERED) throw unavailable.at(-1)!;
        settle(await this.target.commitAgain(append));
      } catch (error) {
        if (error instanceof EventLogUnavailableError) unavailable.push(error);
        fail(error);
      }
    }
  }
}
