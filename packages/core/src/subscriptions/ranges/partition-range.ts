import { type PartitionRange, PARTITIONS } from '../../event-log/partition.js';

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

/** A node among those that divide the partitions of a subscription. */
export interface SharingNode {
  readonly id: string;
  /** Most partitions that it takes; undefined for no limit. */
  readonly limit?: number | undefined;
}

/**
 * The share of one node: the partitions divided evenly, in the order of the list. A node with a limit leaves what is above
 * it to the others; if all have limits, the last partitions may be in no share. Every node that knows the same list
 * computes the same shares, so no leader is needed. With more nodes than partitions some get nothing.
 * @param nodes those that are alive, in an order that all nodes agree on
 * @returns undefined when the node is not in the list, or gets nothing
 */
export function shareOf(node: string, nodes: readonly SharingNode[]): PartitionRange | undefined {
  const sizes = sizesOfShares(nodes);
  let first = 0;
  for (const { id } of nodes) {
    const size = sizes.get(id)!;
    if (id === node) return size > 0 ? { first, last: first + size - 1 } : undefined;
    first += size;
  }
  return undefined;
}

function sizesOfShares(nodes: readonly SharingNode[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  let left = PARTITIONS;
  let open = nodes;
  // A limit below the even part leaves more for the others, which may bring another limit below the new even part.
  for (;;) {
    const evenPart = left / open.length;
    const limited = open.filter(({ limit = Infinity }) => limit < evenPart);
    if (limited.length === 0) break;
    for (const { id, limit } of limited) {
      sizes.set(id, limit!);
      left -= limit!;
    }
    open = open.filter((each) => !limited.includes(each));
  }
  const end = (index: number): number => Math.floor((index * left) / open.length);
  for (const [index, { id }] of open.entries()) sizes.set(id, end(index + 1) - end(index));
  return sizes;
}
