import type { EntityManager } from 'typeorm';
import { parseCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import { GrowingTree } from '../tree/growing-tree.js';
import { HASH_SIZE } from '../tree/hashes.js';
import type { ReadTiles } from '../tree/tile-hashes.js';
import { type HashTile, hashesAtLevel, TILE_WIDTH } from '../tree/tile.js';
import { ProofTileEntity, ProofTreeEntity } from './proof-tables.js';

/** The row of the tree, as it was read. */
export interface StoredTree {
  readonly origin: string;
  readonly formerOrigins: readonly string[];
  /** Number of leaves. */
  readonly size: number;
  /** Partial tiles of the levels, from level 0 on. */
  readonly edge: readonly Buffer[];
  /** The last signed checkpoint. It may have fewer leaves than the tree. */
  readonly checkpoint: SignedCheckpoint | undefined;
}

/** Id of the only row. */
export const TREE_ROW = 1;

/** The origin of a log before another one is declared. */
export function originOf(prefix: string, logId: string): string {
  return `${prefix}${logId}`;
}

/** The first origin of the log that has this one: others are that one, a `#` and a random text. */
export function firstOriginOf(origin: string): string {
  return origin.split('#', 1)[0]!;
}

/** Undefined before the first event was sealed. */
export async function readTree(manager: EntityManager): Promise<StoredTree | undefined> {
  const row = await manager.findOneBy(ProofTreeEntity, { id: TREE_ROW });
  if (!row) return undefined;
  return {
    origin: row.origin,
    formerOrigins: JSON.parse(row.formerOrigins) as string[],
    size: Number(row.size),
    edge: (JSON.parse(row.edge) as string[]).map((tile) => Buffer.from(tile, 'base64')),
    checkpoint: row.checkpoint === null ? undefined : parseCheckpoint(row.checkpoint),
  };
}

/** The tree again, so that it can grow. @throws RangeError when its row was changed from outside */
export function growing({ size, edge }: StoredTree): GrowingTree {
  return new GrowingTree(size, edge);
}

/**
 * Reads tiles of a stored tree, full ones from their table. A tile that is missing is empty.
 * @param tree read before, so that each tile that it does not hold is stored already
 */
export function tilesOf(manager: EntityManager, tree: StoredTree): ReadTiles {
  return (wanted) => Promise.all(wanted.map((tile) => readTile(manager, tree, tile)));
}

async function readTile(manager: EntityManager, tree: StoredTree, { level, index, width }: HashTile): Promise<Buffer> {
  const isEdge = index === Math.floor(hashesAtLevel(level, tree.size) / TILE_WIDTH);
  const hashes = isEdge ? tree.edge[level] : await readFullTile(manager, level, index);
  return hashes?.subarray(0, width * HASH_SIZE) ?? Buffer.alloc(0);
}

async function readFullTile(manager: EntityManager, level: number, index: number): Promise<Buffer | undefined> {
  const row = await manager.findOneBy(ProofTileEntity, { level, index });
  return row ? Buffer.from(row.hashes, 'base64') : undefined;
}
