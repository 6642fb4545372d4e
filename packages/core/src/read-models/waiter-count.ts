import { ExpectedError } from '../errors.js';

export interface WaiterLimits {
  readonly all: number;
  /** Limit for one caller. All anonymous callers count as one, so that they leave room for others. */
  readonly perCaller: number;
}

export const WAITER_LIMITS: WaiterLimits = { all: 1_000, perCaller: 100 };

/** The caller, or all callers together, already wait for as many positions as allowed. */
export class TooManyWaitersError extends ExpectedError {
  readonly code = 'busy';
  readonly kind = 'unavailable';
  override readonly retryAfter = 1;

  constructor() {
    super('Too many queries are waiting for a position. Try again.');
  }
}

/** Counts waiting callers. */
export class WaiterCount {
  private all = 0;
  private readonly byCaller = new Map<string, number>();

  constructor(private readonly limits: WaiterLimits) {}

  /**
   * @returns a function to call once when the wait is over
   * @throws TooManyWaitersError
   */
  enter(caller: string): () => void {
    const own = this.byCaller.get(caller) ?? 0;
    if (this.all >= this.limits.all || own >= this.limits.perCaller) throw new TooManyWaitersError();
    this.all += 1;
    this.byCaller.set(caller, own + 1);
    return () => {
      this.all -= 1;
      const left = this.byCaller.get(caller)! - 1;
      if (left === 0) this.byCaller.delete(caller);
      else this.byCaller.set(caller, left);
    };
  }
}
