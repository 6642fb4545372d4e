/** The time (ms since 1970) and the id of an attempt. */
export type Attempt = readonly [at: number, id: string];

/** Most attempts within a time. */
export interface Limit {
  readonly most: number;
  /** In ms. */
  readonly within: number;
}

/** The attempts of one counter that count at a given time. */
export class Attempts {
  private readonly kept: Attempt[];

  /** @param now in ms since 1970 */
  constructor(
    stored: readonly Attempt[],
    private readonly limit: Limit,
    private readonly now: number,
  ) {
    this.kept = stored.filter(([at]) => at > now - limit.within);
  }

  /** The attempts to store: no more than matter for the limit. */
  get recent(): readonly Attempt[] {
    return this.kept.slice(-this.limit.most);
  }

  get count(): number {
    return this.recent.length;
  }

  /** In ms until another attempt is allowed; 0 when one is allowed now. */
  get wait(): number {
    const { most, within } = this.limit;
    const oldest = this.kept.at(-most);
    // An attempt may be later than `now`, when a request that came after this one was counted first.
    return oldest ? Math.min(oldest[0] + within - this.now, within) : 0;
  }

  has(id: string): boolean {
    return this.kept.some(([, each]) => each === id);
  }

  /**
   * The same id twice is one attempt.
   * @param at in ms since 1970; default: now
   */
  add(id: string, at = this.now): void {
    if (!this.has(id)) this.kept.push([at, id]);
  }

  remove(id: string): void {
    const at = this.kept.findIndex(([, each]) => each === id);
    if (at >= 0) this.kept.splice(at, 1);
  }

  clear(): void {
    this.kept.length = 0;
  }
}
