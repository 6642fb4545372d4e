/** What is left to one customer, and since when. */
interface Balance {
  left: number;
  /** In ms. */
  at: number;
}

const MINUTE = 60_000;
const MOST_REMEMBERED = 10_000;

/**
 * Order lines that each customer may place: as many as in a minute at once, and then as they come back, evenly. In the memory of
 * this process, because it protects the work of the node and must cost an order nothing.
 */
export class LineAllowance {
  private readonly balances = new Map<string, Balance>();

  constructor(private readonly perMinute: number) {}

  /**
   * Takes so many lines, or none.
   * @param now in ms, from a clock that never goes back
   * @returns 0 when they were taken; otherwise in how many ms there are enough
   */
  take(customerId: string, lines: number, now: number): number {
    const left = this.leftOf(customerId, now);
    const missing = lines - left;
    if (missing > 0) return Math.ceil((missing * MINUTE) / this.perMinute);
    // Put at the end again, so that the first is the one that was quiet the longest.
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
