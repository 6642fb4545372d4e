import type { LiveNode, Nodes } from '../subscriptions/ranges/nodes.js';
import type { SubscriptionStatuses } from './subscription-statuses.js';

/** Partitions of a subscription that a node runs. */
export interface NodeRange {
  readonly subscription: string;
  /** The first and the last partition, both included, from 0 to 1023. */
  readonly from: number;
  readonly to: number;
}

/** A node that is alive, for operators. */
export interface NodeStatus extends LiveNode {
  readonly ranges: readonly NodeRange[];
}

/** The nodes that are alive: the processes that serve requests or run subscriptions on these databases. */
export class LiveNodes {
  /** @internal */
  constructor(
    private readonly nodes: Nodes,
    private readonly statuses: SubscriptionStatuses,
  ) {}

  /** Id of this process. */
  get self(): string {
    return this.nodes.id;
  }

  /** All of them, by id. */
  async list(): Promise<NodeStatus[]> {
    const [nodes, statuses] = await Promise.all([this.nodes.list(), this.statuses.list(false)]);
    const owned = statuses.flatMap(({ name: subscription, ranges }) =>
      ranges.map(({ from, to, owner }) => ({ owner, range: { subscription, from, to } })),
    );
    return nodes.map((node) => ({
      ...node,
      ranges: owned.filter(({ owner }) => owner === node.id).map(({ range }) => range),
    }));
  }
}
