export const PARTITIONS = 1024;

/** Partitions from `first` to `last`, both included; see `partitionOf`. */
export interface PartitionRange {
  readonly first: number;
  readonly last: number;
}

/** All partitions. */
export const ALL_PARTITIONS: PartitionRange = { first: 0, last: PARTITIONS - 1 };

/** How many partitions it has. */
export function sizeOf({ first, last }: PartitionRange): number {
  return last - first + 1;
}

/** Whether a partition is in the range. */
export function isInRange(partition: number, { first, last }: PartitionRange): boolean {
  return first <= partition && partition <= last;
}

/**
 * The logical partition of a stream, 0 to 1023: FNV-1a (32 bits) over the UTF-8 bytes, folded by xor. It is stored with
 * every event, so it must never change. Source: G. Fowler, L. C. Noll, K.-P. Vo, "The FNV Non-Cryptographic Hash
 * Algorithm".
 */
export function partitionOf(stream: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(stream, 'utf8')) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  hash ^= hash >>> 16;
  return (hash >>> 0) % PARTITIONS;
}
