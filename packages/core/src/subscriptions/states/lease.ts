import { performance } from 'node:perf_hooks';

/** Somebody else has taken the subscription over; what this process wanted to write is rolled back. */
export class LeaseLostError extends Error {
  constructor(name: string) {
    super(`"${name}" was taken over by another process.`);
    this.name = 'LeaseLostError';
  }
}

/** The right to do a subscription's work, as long as nobody else took it. */
export class Lease {
  private end = 0;

  constructor(
    readonly name: string,
    /** Every write carries it; one that is older than the row's is refused. */
    readonly epoch: number,
    /** In ms. */
    private readonly ttl: number,
    /** When it was asked for, by `performance.now()`: that clock goes on while a process is frozen. */
    askedAt: number,
  ) {
    this.renewed(askedAt);
  }

  /** @param askedAt when the renewal was sent, by `performance.now()` */
  renewed(askedAt: number): void {
    this.end = askedAt + this.ttl;
  }

  /**
   * It was not renewed in time. The database decides who owns a subscription; this says that it may have decided otherwise
   * meanwhile, before something is done that can't be rolled back.
   */
  get isStale(): boolean {
    return performance.now() > this.end;
  }
}
