export const PARTITIONS = 1024;
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;
const LAST_ASCII = 0x7f;

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
  let hash = OFFSET_BASIS;
  for (let at = 0; at < stream.length; at++) {
    const code = stream.charCodeAt(at);
    if (code > LAST_ASCII) return folded(hashOf(Buffer.from(stream, 'utf8')));
    hash = Math.imul(hash ^ code, PRIME);
  }
  return folded(hash);
}

function hashOf(bytes: Uint8Array): number {
  let hash = OFFSET_BASIS;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash;
}

function folded(hash: number): number {
  return ((hash ^ (hash >>> 16)) >>> 0) % PARTITIONS;
}
