/** The remaining lines of one customer, and the time of that count. */
interface Balance {
  left: number;
  /** In ms. */
  at: number;
}

const MINUTE = 60_000;
const MOST_REMEMBERED = 10_000;

/**
 * A limit on the order lines of each customer: as many as in a minute at once, refilled evenly. It is kept in the memory of
 * this process, because it protects the work of one node and must cost an order nothing.
 */
export class LineAllowance {
  private readonly balances = new Map<string, Balance>();

  constructor(private readonly perMinute: number) {}

  /**
   * Takes this many lines, or none.
   * @param now in ms, from a monotonic clock
   * @returns 0 when they were taken; otherwise the ms until enough lines are available
   */
  take(customerId: string, lines: number, now: number): number {
    const left = this.leftOf(customerId, now);
    const missing = lines - left;
    if (missing > 0) return Math.ceil((missing * MINUTE) / this.perMinute);
    // Inserted again at the end, so that the first entry is always the one unused for longest.
    this.balances.delete(customerId);
    if (this.balances.size >= MOST_REMEMBERED) this.forgetFirst();
    this.balances.set(customerId, { left: left - lines, at: now });
    return 0;
  }

  private leftOf(customerId: string, now: number): number {
    const balance = this.balances.get(customerId);
    if (!balance) return this.perMinute;
    return Math.min(this.perMinute, balance.left + ((now - balance.at) * this.perMinute) / MINUTE);
  }

  private forgetFirst(): void {
    const [first] = this.balances.keys();
    this.balances.delete(first!);
  }
}
