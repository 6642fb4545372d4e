import { isCount } from './prove.js';
import type { Subtree } from './subtrees.js';

/** Hashes in a full tile. */
export const TILE_WIDTH = 256;
/** Levels of the tree in a tile. */
const TILE_HEIGHT = 8;
/** The highest level that paths can name. */
const TOP_LEVEL = 63;

/** A part of the tree, as C2SP tlog-tiles serves it: hashes of consecutive full subtrees of level `8 * level`. */
export interface Tile {
  /** From 0 for hashes of leaves; `entries` for the leaves themselves. */
  readonly level: number | 'entries';
  readonly index: number;
  /** Number of hashes: 256, or less at the right edge of the tree. */
  readonly width: number;
}

/** A tile whose hashes are asked for. */
export interface HashTile extends Tile {
  readonly level: number;
}

/** Path of a tile, such as `0/x001/234` or `entries/000.p/7`. Source: C2SP tlog-tiles. */
export function tilePath({ level, index, width }: Tile): string {
  const groups = index
    .toString()
    .padStart(Math.ceil(index.toString().length / 3) * 3, '0')
    .match(/\d{3}/g)!;
  const number = groups.map((group, n) => (n === groups.length - 1 ? group : `x${group}`)).join('/');
  return `${level}/${number}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

const PATH = /^(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** The tile with this path; undefined when it is no path of a tile, or is written in another way than `tilePath` does. */
export function parseTilePath(path: string): Tile | undefined {
  const [, level, number, width] = PATH.exec(path) ?? [];
  if (level === undefined || number === undefined) return undefined;
  const tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(number.replaceAll(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  } as const;
  const isLevel = tile.level === 'entries' || tile.level <= TOP_LEVEL;
  return isLevel && isCount(tile.index) && tilePath(tile) === path ? tile : undefined;
}

/** How many hashes of a level a tree of that size has. */
export function hashesAtLevel(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}

/** The width of a tile in a tree of that size: 0 to 256. */
export function widthOf(level: number, index: number, size: number): number {
  return Math.min(Math.max(hashesAtLevel(level, size) - index * TILE_WIDTH, 0), TILE_WIDTH);
}

/** Where the hash of a full subtree is: in a tile, over `count` of its hashes from `from` on. */
export interface PlaceInTile {
  readonly level: number;
  readonly index: number;
  readonly from: number;
  readonly count: number;
}

export function placeOf({ level, index }: Subtree): PlaceInTile {
  const tileLevel = Math.floor(level / TILE_HEIGHT);
  const count = 2 ** (level % TILE_HEIGHT);
  const first = index * count;
  return { level: tileLevel, index: Math.floor(first / TILE_WIDTH), from: first % TILE_WIDTH, count };
}
