/** The last event of a stream: its version, and its position in the log. */
export interface StreamEnd {
  readonly version: number;
  readonly position: number;
}

/** Most streams whose ends are known. Those to which nothing was stored for the longest time make room. */
const MOST = 4_096;

/**
 * The ends of open streams to which this process stored last, so that a batch need not read them. They are true as long as
 * nobody has stored an event since, so they hold for a batch that finds the last event of the one before at the head of the log.
 */
export class KnownStreams {
  private readonly ends = new Map<string, StreamEnd>();
  private batches = 0;
  /** Id of the last event of the log, as of which the ends are true; undefined from the beginning of a batch to its commit. */
  private head: string | undefined;

  /**
   * Call it when a batch begins.
   * @param head id of the last event of the log; undefined when it has none
   * @returns number of the batch
   */
  begin(head: string | undefined): number {
    if (head === undefined || this.head !== head) this.ends.clear();
    this.head = undefined;
    return ++this.batches;
  }

  /** Call it when a batch is committed, with the id of the last event of the log after it. */
  committed(batch: number, head: string | undefined): void {
    if (batch === this.batches) this.head = head;
  }

  find(stream: string): StreamEnd | undefined {
    return this.ends.get(stream);
  }

  keep(stream: string, end: StreamEnd): void {
    this.ends.delete(stream);
    if (this.ends.size === MOST) this.ends.delete(this.ends.keys().next().value!);
    this.ends.set(stream, end);
  }

  forget(stream: string): void {
    this.ends.delete(stream);
  }
}
