import { EventLogUnavailableError } from './event-log.errors.js';
import { ConflictKeys } from './conflict-keys.js';
import type { Outcome } from './outcome.js';
import type { PreparedAppend } from './prepared-append.js';

/** Receives batches and stores them. */
export interface BatchTarget {
  /**
   * So many appends are worth a batch of their own while another one is under way. Infinity where batches may be stored in
   * another order than they are sent.
   */
  readonly secondBatchFrom: number;
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
const MOST_UNDER_WAY = 2;
/** After a batch failed, so many of its appends wait for the log in vain before the rest are refused. */
const MOST_UNANSWERED = 2;

/** A batch that is under way. */
interface SentBatch {
  readonly batch: readonly Waiting[];
  readonly keys: ConflictKeys;
  hasFailed: boolean;
}

/**
 * Group commit: while a batch is under way, appends queue up, and the queued ones form the next batch. Appends that use
 * the same stream, event id or command id are never in the same batch, nor are a condition and an event that it may match:
 * the later one waits until the batch of the earlier one has its outcomes. So they are stored in order of arrival, and a
 * batch can be checked as a set. When a batch fails as a whole, each of its appends is sent again alone.
 *
 * Where the target takes a second batch at once, the database works on one while this process prepares another.
 */
export class GroupCommit {
  private waiting: Waiting[] = [];
  private readonly underWay = new Set<SentBatch>();
  private isScheduled = false;
  private closed = false;
  /** Resolved when nothing waits and nothing is under way. */
  private readonly idle: (() => void)[] = [];
  /** Batches that failed are sent again one after the other. */
  private repeats: Promise<void> = Promise.resolve();

  constructor(private readonly target: BatchTarget) {}

  submit(append: PreparedAppend): Promise<Outcome> {
    if (this.closed || this.waiting.length >= MAX_WAITING) return Promise.reject(new EventLogUnavailableError());
    return new Promise<Outcome>((settle, fail) => {
      this.waiting.push({ append, settle, fail });
      this.schedule();
    });
  }

  /** Stores the queued appends and accepts no more. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.waiting.length > 0 || this.underWay.size > 0) await new Promise<void>((done) => this.idle.push(done));
  }

  /** A caller that just got its result may send its next append at once, so that it is part of the next batch. */
  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.sendBatches();
    });
  }

  private sendBatches(): void {
    for (let most = this.largestBatch(); most > 0; most = this.largestBatch()) {
      const next = this.nextBatch(most);
      // All that waits conflicts with what is under way.
      if (next.batch.length === 0) return;
      this.underWay.add(next);
      void this.send(next);
    }
  }

  /** How many appends the next batch may have; 0 when none is to be sent now. */
  private largestBatch(): number {
    const { length } = this.waiting;
    const { secondBatchFrom } = this.target;
    if (length === 0 || this.underWay.size >= MOST_UNDER_WAY) return 0;
    if (this.underWay.size > 0) return length < secondBatchFrom || this.isRepeating() ? 0 : MAX_APPENDS;
    return length < 2 * secondBatchFrom ? MAX_APPENDS : Math.min(Math.ceil(length / 2), MAX_APPENDS);
  }

  /** While appends are sent again one by one, no later one overtakes them. */
  private isRepeating(): boolean {
    return [...this.underWay].some(({ hasFailed }) => hasFailed);
  }

  private nextBatch(most: number): SentBatch {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    const keys = new ConflictKeys();
    const { waiting } = this;
    let bytes = 0;
    for (let index = 0; index < waiting.length; index++) {
      if (batch.length >= most || index >= LOOK_AHEAD) {
        left.push(...waiting.slice(index));
        break;
      }
      const each = waiting[index]!;
      const { append } = each;
      const clashes = keys.clashWith(append) || this.clashesWithSent(append);
      const fits = batch.length === 0 || bytes + append.bytes <= MAX_BYTES;
      // The keys of a waiting append count, too, so that no later append overtakes it.
      keys.add(append);
      if (clashes || !fits) {
        left.push(each);
        continue;
      }
      batch.push(each);
      bytes += append.bytes;
    }
    this.waiting = left;
    return { batch, keys, hasFailed: false };
  }

  private clashesWithSent(append: PreparedAppend): boolean {
    for (const { keys } of this.underWay) if (keys.clashWith(append)) return true;
    return false;
  }

  private async send(sent: SentBatch): Promise<void> {
    const { batch } = sent;
    try {
      const outcomes = await this.target.commit(batch.map((each) => each.append));
      batch.forEach((each, index) => each.settle(outcomes[index]!));
    } catch {
      // The error may belong to one append or to the connection. Each append is sent again alone and gets its own
      // outcome.
      sent.hasFailed = true;
      this.repeats = this.repeats.then(() => this.commitOneByOne(batch));
      await this.repeats;
    }
    this.underWay.delete(sent);
    this.schedule();
    if (this.waiting.length === 0 && this.underWay.size === 0) for (const done of this.idle.splice(0)) done();
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
