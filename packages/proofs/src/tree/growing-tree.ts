import { joined } from './subtrees.js';
import { HASH_SIZE } from './hashes.js';
import { hashOver, hashesIn } from './tile-hashes.js';
import { type HashTile, TILE_WIDTH } from './tile.js';

/** A full tile, with its hashes. */
export interface FullTile extends HashTile {
  readonly hashes: Buffer;
}

/**
 * A tree that grows at its end. It keeps the partial tiles only, at most 255 hashes a level, and hands over each tile that
 * is full.
 */
export class GrowingTree {
  private readonly edge: Buffer[][];
  private leaves: number;

  /** @param edge partial tiles of the levels, from level 0 on, as `partialTiles` gives them */
  constructor(size = 0, edge: readonly Uint8Array[] = []) {
    this.leaves = size;
    this.edge = edge.map((tile) => hashesIn(tile));
    const isWhole = this.edge.every(
      (hashes, level) => hashes.length === Math.floor(size / TILE_WIDTH ** level) % TILE_WIDTH,
    );
    if (!isWhole || size >= TILE_WIDTH ** this.edge.length) {
      throw new RangeError(`These are not the partial tiles of a tree of ${size} leaves.`);
    }
  }

  /** Number of leaves. */
  get size(): number {
    return this.leaves;
  }

  /** Adds a leaf by its hash. @returns the tiles that it fills, lowest level first */
  add(leaf: Buffer): FullTile[] {
    const filled: FullTile[] = [];
    this.leaves += 1;
    let hash = leaf;
    for (let level = 0; ; level++) {
      const hashes = (this.edge[level] ??= []);
      hashes.push(hash);
      if (hashes.length < TILE_WIDTH) return filled;
      const index = this.leaves / TILE_WIDTH ** (level + 1) - 1;
      filled.push({ level, index, width: TILE_WIDTH, hashes: Buffer.concat(hashes) });
      hash = hashOver(hashes);
      this.edge[level] = [];
    }
  }

  /** Partial tiles of the levels, from level 0 on. */
  get partialTiles(): Buffer[] {
    return this.edge.map((hashes) => Buffer.concat(hashes, hashes.length * HASH_SIZE));
  }

  get root(): Buffer {
    return joined(this.edge.toReversed().flatMap((hashes) => inPowers(hashes)));
  }
}

/** Hashes of full subtrees over the hashes of a level, largest first. */
function inPowers(hashes: readonly Buffer[]): Buffer[] {
  const subtrees: Buffer[] = [];
  let at = 0;
  for (let count = TILE_WIDTH / 2; count >= 1; count /= 2) {
    if (hashes.length - at < count) continue;
    subtrees.push(hashOver(hashes.slice(at, at + count)));
    at += count;
  }
  return subtrees;
}
