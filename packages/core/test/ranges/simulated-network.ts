import type { SimulatedTime } from './simulated-time.js';

/** How bad the network is, in ms and as probabilities. */
export interface Weather {
  readonly delay: number;
  /** That a request, or its reply, is lost. */
  readonly loss: number;
}

export const CALM: Weather = { delay: 20, loss: 0 };

/**
 * Carries requests to the database, and wakes nodes. Requests and replies take time and may be lost; a node that is
 * frozen gets its replies and wakes when it thaws, and one that has crashed never.
 */
export class SimulatedNetwork {
  readonly idle = 200;
  weather: Weather = CALM;
  private readonly frozenUntil = new Map<string, number>();
  private readonly crashed = new Set<string>();

  constructor(
    private readonly time: SimulatedTime,
    private readonly random: () => number,
    /** A request that gets no reply in this time has failed, in ms; it may still arrive. */
    private readonly timeout: number,
  ) {}

  freeze(node: string, ms: number): void {
    this.frozenUntil.set(node, this.time.now + ms);
  }

  crash(node: string): void {
    this.crashed.add(node);
  }

  /** How long a batch takes, in ms. */
  work(): number {
    return this.between(1, 100);
  }

  /** Wakes a node later, unless it has crashed. */
  after(node: string, ms: number, run: () => void): void {
    this.time.after(ms, () => this.deliver(node, run));
  }

  request<T>(node: string, ask: () => T, onReply: (reply: T) => void, onTimeout: () => void): void {
    let isOver = false;
    const settle = (act: () => void) => () => {
      if (isOver) return;
      isOver = true;
      act();
    };
    this.after(node, this.timeout, settle(onTimeout));
    if (this.isLost()) return;
    this.time.after(this.delay(), () => {
      const reply = ask();
      if (!this.isLost())
        this.after(
          node,
          this.delay(),
          settle(() => onReply(reply)),
        );
    });
  }

  between(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  private deliver(node: string, run: () => void): void {
    if (this.crashed.has(node)) return;
    const frozenUntil = this.frozenUntil.get(node) ?? 0;
    if (frozenUntil > this.time.now) this.time.after(frozenUntil - this.time.now, () => this.deliver(node, run));
    else run();
  }

  private delay(): number {
    return this.between(1, this.weather.delay);
  }

  private isLost(): boolean {
    return this.random() < this.weather.loss;
  }
}
