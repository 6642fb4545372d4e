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

/** The row of the tree has something that the sealer never writes. */
export class UnreadableTreeError extends Error {
  constructor(cause: unknown) {
    super('The row of the tree can not be read: it was changed from outside.', { cause });
    this.name = 'UnreadableTreeError';
  }
}

/**
 * Undefined before the first event was sealed.
 * @throws UnreadableTreeError
 */
export async function readTree(manager: EntityManager): Promise<StoredTree | undefined> {
  const row = await manager.findOneBy(ProofTreeEntity, { id: TREE_ROW });
  try {
    return row ? parsed(row) : undefined;
  } catch (error) {
    throw new UnreadableTreeError(error);
  }
}

function parsed({ origin, formerOrigins, size, edge, checkpoint }: ProofTreeEntity): StoredTree {
  return {
    origin,
    formerOrigins: textsIn(formerOrigins),
    size: Number(size),
    edge: textsIn(edge).map((tile) => Buffer.from(tile, 'base64')),
    checkpoint: checkpoint === null ? undefined : parseCheckpoint(checkpoint),
  };
}

function textsIn(json: string): readonly string[] {
  const texts: unknown = JSON.parse(json);
  if (Array.isArray(texts) && texts.every((each) => typeof each === 'string')) return texts;
  throw new TypeError('It is no list of texts.');
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
