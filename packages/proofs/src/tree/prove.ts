import { hashesOf, type LeafRange, type ReadHashes, splitOf } from './subtrees.js';

/**
 * Proof that a leaf is in the tree of that size: the hashes beside its path, from the leaf to the root.
 * Source: RFC 9162, 2.1.3.1.
 * @param index of the leaf, from 0
 * @throws RangeError when the tree has no such leaf
 */
export async function proveInclusion(index: number, size: number, read: ReadHashes): Promise<Buffer[]> {
  if (!isCount(index) || !isCount(size) || index >= size) {
    throw new RangeError(`There is no leaf ${index} in a tree of ${size} leaves.`);
  }
  return hashesOf(besidePath(index, { start: 0, end: size }), read);
}

/**
 * Proof that a tree is the beginning of a larger one. Source: RFC 9162, 2.1.4.1.
 * @throws RangeError when the first tree is the larger one
 */
export async function proveConsistency(first: number, second: number, read: ReadHashes): Promise<Buffer[]> {
  if (!isCount(first) || !isCount(second) || first > second) {
    throw new RangeError(`A tree of ${first} leaves is not the beginning of one of ${second}.`);
  }
  if (first === 0 || first === second) return [];
  return hashesOf(besideEnd(first, { start: 0, end: second }, true), read);
}

function besidePath(index: number, { start, end }: LeafRange): LeafRange[] {
  if (end - start === 1) return [];
  const middle = start + splitOf(end - start);
  return index < middle
    ? [...besidePath(index, { start, end: middle }), { start: middle, end }]
    : [...besidePath(index, { start: middle, end }), { start, end: middle }];
}

/** @param isKnown whether the verifier knows the hash of the first tree in this range: it is its root then */
function besideEnd(first: number, { start, end }: LeafRange, isKnown: boolean): LeafRange[] {
  if (first === end) return isKnown ? [] : [{ start, end }];
  const middle = start + splitOf(end - start);
  return first <= middle
    ? [...besideEnd(first, { start, end: middle }, isKnown), { start: middle, end }]
    : [...besideEnd(first, { start: middle, end }, false), { start, end: middle }];
}

export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
