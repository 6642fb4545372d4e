import { PARTITIONS } from '../../event-log/partition.js';

/** Partitions from `first` to `last`, both included; see `partitionOf`. */
export interface PartitionRange {
  readonly first: number;
  readonly last: number;
}

/** All partitions. */
export const ALL_PARTITIONS: PartitionRange = { first: 0, last: PARTITIONS - 1 };

export function isSameRange(one: PartitionRange, other: PartitionRange): boolean {
  return one.first === other.first && one.last === other.last;
}

export function contains(outer: PartitionRange, inner: PartitionRange): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

/** What two ranges have in common, if anything. */
export function overlapOf(one: PartitionRange, other: PartitionRange): PartitionRange | undefined {
  const first = Math.max(one.first, other.first);
  const last = Math.min(one.last, other.last);
  return first <= last ? { first, last } : undefined;
}

/** How many partitions it has. */
export function sizeOf({ first, last }: PartitionRange): number {
  return last - first + 1;
}

/**
 * The share of one node: the partitions divided evenly, in the order of the list. Every node that knows the same list
 * computes the same shares, so no leader is needed. With more nodes than partitions some get nothing.
 * @param nodes ids of the nodes that are alive, in an order that all nodes agree on
 * @returns undefined when the node is not in the list, or gets nothing
 */
export function shareOf(node: string, nodes: readonly string[]): PartitionRange | undefined {
  const index = nodes.indexOf(node);
  if (index < 0) return undefined;
  const first = Math.floor((index * PARTITIONS) / nodes.length);
  const last = Math.floor(((index + 1) * PARTITIONS) / nodes.length) - 1;
  return first <= last ? { first, last } : undefined;
}
