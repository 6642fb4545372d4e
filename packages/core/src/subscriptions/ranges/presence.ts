import { attemptOnNodes } from './attempt-on-nodes.js';
import type { Nodes } from './nodes.js';

/** Lists a process among the nodes, although it shares no partitions with them. */
export class Presence {
  private readonly interval: number;
  private hasLeft = false;
  private signs: NodeJS.Timeout | undefined;
  private sign: Promise<unknown> = Promise.resolve();

  /** @param leaseTtl in ms */
  constructor(
    private readonly nodes: Nodes,
    leaseTtl: number,
  ) {
    // Just often enough: only lists for operators depend on it.
    this.interval = (leaseTtl * 2) / 3;
  }

  async join(): Promise<void> {
    this.signs = setInterval(() => void this.giveSign(), this.interval);
    await attemptOnNodes(() => this.nodes.forgetGone());
    await this.giveSign();
  }

  /** May be called while it joins. */
  async leave(): Promise<void> {
    this.hasLeft = true;
    clearInterval(this.signs);
    // One that arrives later would list the process again.
    await this.sign;
    await attemptOnNodes(() => this.nodes.leave());
  }

  private giveSign(): Promise<unknown> {
    if (this.hasLeft) return Promise.resolve();
    this.sign = attemptOnNodes(() => this.nodes.beat([]));
    return this.sign;
  }
}
