import { performance } from 'node:perf_hooks';
import { isInRange, type PartitionRange, partitionOf } from '../../event-log/partition.js';
import { aheadOf, type DonePart, type RangeRow } from '../ranges/range-row.js';

/** This process no longer has the subscription. Its transaction is rolled back. */
export class LeaseLostError extends Error {
  constructor(name: string, message = `"${name}" was taken over by another process.`) {
    super(message);
    this.name = 'LeaseLostError';
  }

  /** Another process may have it. */
  static notRenewed(name: string): LeaseLostError {
    return new LeaseLostError(name, `The lease of "${name}" was not renewed in time, so another process may have it.`);
  }
}

/** The partitions of a lease. */
export class LeasedPart {
  private readonly done: readonly DonePart[];

  constructor(readonly range: PartitionRange & Pick<RangeRow, 'position' | 'done'>) {
    this.done = aheadOf(range);
  }

  /** Whether an event is in one of the partitions, and was not handled before they were merged into one range. */
  hasToHandle({ stream, position }: { readonly stream: string; readonly position: number }): boolean {
    const partition = partitionOf(stream);
    const isDone = (part: DonePart): boolean => position <= part.position && isInRange(partition, part);
    return isInRange(partition, this.range) && !this.done.some(isDone);
  }
}

/** The exclusive right to run a subscription, until another process takes over. */
export class Lease {
  private end = 0;

  constructor(
    readonly name: string,
    /** Epoch (fencing token). Every write carries it; a write with an older epoch than the row's is refused. */
    readonly epoch: number,
    /** In ms. */
    private readonly ttl: number,
    /** When it was requested, by `performance.now()`. That clock continues while a process is frozen. */
    askedAt: number,
    /** The partitions that it is for; undefined when it is for all of them and the subscription runs as one. */
    readonly part?: LeasedPart,
  ) {
    this.renewed(askedAt);
  }

  /** @param askedAt when the renewal was sent, by `performance.now()` */
  renewed(askedAt: number): void {
    this.end = askedAt + this.ttl;
  }

  /**
   * It was not renewed in time, so another process may have claimed it. The database alone decides that. Check this
   * before doing something that can't be rolled back.
   */
  get isStale(): boolean {
    return performance.now() > this.end;
  }
}
