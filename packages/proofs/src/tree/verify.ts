import { EMPTY_ROOT, HASH_SIZE, nodeHash } from './hashes.js';
import { isCount } from './prove.js';

/**
 * Whether the proof shows that the leaf with this hash is in the tree. Source: RFC 9162, 2.1.3.2.
 * @param index of the leaf, from 0
 */
export function includes(
  proof: readonly Uint8Array[],
  leaf: { readonly index: number; readonly hash: Uint8Array },
  tree: { readonly size: number; readonly root: Uint8Array },
): boolean {
  const { index } = leaf;
  if (!isCount(index) || !isCount(tree.size) || index >= tree.size || !areHashes([...proof, leaf.hash])) return false;
  let [node, last] = [index, tree.size - 1];
  let hash: Buffer = Buffer.from(leaf.hash);
  for (const beside of proof) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(beside, hash);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)];
    } else {
      hash = nodeHash(hash, beside);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && hash.equals(tree.root);
}

/** A tree, by its size and its root. */
export interface Tree {
  /** Number of leaves. */
  readonly size: number;
  readonly root: Uint8Array;
}

/** Whether the proof shows that the first tree is the beginning of the second. Source: RFC 9162, 2.1.4.2. */
export function isConsistent(proof: readonly Uint8Array[], first: Tree, second: Tree): boolean {
  if (!isCount(first.size) || !isCount(second.size) || first.size > second.size || !areHashes(proof)) return false;
  if (first.size === 0) return proof.length === 0 && EMPTY_ROOT.equals(first.root);
  if (first.size === second.size) return proof.length === 0 && Buffer.from(first.root).equals(second.root);
  const [start, ...rest] = isPowerOfTwo(first.size) ? [first.root, ...proof] : proof;
  if (!start || proof.length === 0) return false;
  let [node, last] = [first.size - 1, second.size - 1];
  while (node % 2 === 1) [node, last] = [half(node), half(last)];
  let older: Buffer = Buffer.from(start);
  let newer = older;
  for (const beside of rest) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      older = nodeHash(beside, older);
      newer = nodeHash(beside, newer);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, half(last)];
    } else {
      newer = nodeHash(newer, beside);
    }
    [node, last] = [half(node), half(last)];
  }
  return last === 0 && older.equals(first.root) && newer.equals(second.root);
}

function areHashes(values: readonly Uint8Array[]): boolean {
  return values.every(({ length }) => length === HASH_SIZE);
}

/** Not by a shift: that is for 32 bits. */
function half(value: number): number {
  return Math.floor(value / 2);
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value)) && 2 ** Math.log2(value) === value;
}
