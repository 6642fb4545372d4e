import { HASH_SIZE, nodeHash } from './hashes.js';
import type { ReadHashes } from './subtrees.js';
import { type HashTile, placeOf, widthOf } from './tile.js';

/** Reads tiles, in the order in which they are asked for. Each has `width` hashes of 32 bytes. */
export type ReadTiles = (tiles: readonly HashTile[]) => Promise<readonly Uint8Array[]>;

/** A tile is missing, or has not as many hashes as its width says. */
export class BrokenTileError extends Error {
  constructor(level: number, index: number) {
    super(`Tile ${index} of level ${level} is missing, or is not as long as it should be.`);
    this.name = 'BrokenTileError';
  }
}

/**
 * Hashes of full subtrees, from the tiles of a tree of that size. Each tile is read once.
 * @throws BrokenTileError when a tile has another length than it should
 */
export function hashesFromTiles(size: number, readTiles: ReadTiles): ReadHashes {
  return async (subtrees) => {
    const places = subtrees.map((subtree) => placeOf(subtree));
    const wanted = new Map<string, HashTile>();
    for (const { level, index } of places) {
      wanted.set(`${level}/${index}`, { level, index, width: widthOf(level, index, size) });
    }
    const tiles = await readTiles([...wanted.values()]);
    const byName = new Map([...wanted.keys()].map((name, n) => [name, tiles[n]]));
    return places.map(({ level, index, from, count }) => {
      const tile = byName.get(`${level}/${index}`);
      const { width } = wanted.get(`${level}/${index}`)!;
      if (tile?.length !== width * HASH_SIZE || from + count > width) throw new BrokenTileError(level, index);
      return hashOver(hashesIn(tile).slice(from, from + count));
    });
  };
}

/** The hashes of a tile. */
export function hashesIn(tile: Uint8Array): Buffer[] {
  return Array.from({ length: Math.floor(tile.length / HASH_SIZE) }, (_, n) =>
    Buffer.from(tile.subarray(n * HASH_SIZE, (n + 1) * HASH_SIZE)),
  );
}

/** Hash of a full subtree over its children; their number is a power of 2. */
export function hashOver(hashes: readonly Buffer[]): Buffer {
  let level = hashes;
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, n) => nodeHash(level[2 * n]!, level[2 * n + 1]!));
  }
  return level[0]!;
}
