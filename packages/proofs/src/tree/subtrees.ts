import { EMPTY_ROOT, nodeHash } from './hashes.js';

/** A full subtree: of the leaves from `index * 2 ** level` on, `2 ** level` of them. */
export interface Subtree {
  readonly level: number;
  readonly index: number;
}

/** Consecutive leaves: from `start` up to `end`, which is not among them. */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** Reads hashes of full subtrees, in the order in which they are asked for. */
export type ReadHashes = (subtrees: readonly Subtree[]) => Promise<readonly Buffer[]>;

/** The largest power of 2 below a number of leaves, from 2 on: where RFC 9162 splits a tree. */
export function splitOf(leaves: number): number {
  let power = 1;
  while (power * 2 < leaves) power *= 2;
  return power;
}

/** The full subtrees that together have the leaves of a subtree of RFC 9162, left to right. */
export function subtreesOf({ start, end }: LeafRange): Subtree[] {
  const subtrees: Subtree[] = [];
  let at = start;
  while (at < end) {
    let level = 0;
    let leaves = 1;
    while (at % (leaves * 2) === 0 && at + leaves * 2 <= end) {
      level += 1;
      leaves *= 2;
    }
    subtrees.push({ level, index: at / leaves });
    at += leaves;
  }
  return subtrees;
}

/** Hash of the tree over hashes of full subtrees, which get smaller from left to right. */
export function joined(hashes: readonly Buffer[]): Buffer {
  const [last, ...before] = hashes.toReversed();
  return before.reduce((right, left) => nodeHash(left, right), last ?? EMPTY_ROOT);
}

/** Hash of each range, with one read. */
export async function hashesOf(ranges: readonly LeafRange[], read: ReadHashes): Promise<Buffer[]> {
  const parts = ranges.map((range) => subtreesOf(range));
  const hashes = await read(parts.flat());
  let at = 0;
  return parts.map((part) => joined(hashes.slice(at, (at += part.length))));
}

/** Root of the tree of the first leaves. */
export async function rootOf(size: number, read: ReadHashes): Promise<Buffer> {
  const [root] = await hashesOf([{ start: 0, end: size }], read);
  return root!;
}
