import { attemptOnNodes } from './attempt-on-nodes.js';
import type { Nodes } from './nodes.js';

/** Lists a process among the nodes, although it shares no partitions with them. */
export class Presence {
  private readonly interval: number;
  private signs: NodeJS.Timeout | undefined;

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
    clearInterval(this.signs);
    await attemptOnNodes(() => this.nodes.leave());
  }

  private giveSign(): Promise<unknown> {
    return attemptOnNodes(() => this.nodes.beat([]));
  }
}
