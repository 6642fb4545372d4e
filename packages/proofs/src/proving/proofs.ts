import type { Databases, EventLog, RecordedEvent } from '@leftfold/core';
import type { EntityManager } from 'typeorm';
import type { SignedCheckpoint } from '../notes/checkpoint.js';
import type { ProofFile } from '../notes/proof-file.js';
import { bundleOf } from '../records/entry-bundle.js';
import { encodeRecord, recordOf } from '../records/record.js';
import { originOf, readTree, type StoredTree, tilesOf } from '../stored/stored-tree.js';
import { HASH_SIZE, leafHash } from '../tree/hashes.js';
import { proveConsistency, proveInclusion } from '../tree/prove.js';
import { rootOf } from '../tree/subtrees.js';
import { BrokenTileError, type ReadTiles, hashesFromTiles } from '../tree/tile-hashes.js';
import { type HashTile, type Tile, TILE_WIDTH, widthOf } from '../tree/tile.js';
import { provedEvent } from './proved-event.js';
import { EventChangedError, EventNotFoundError, NoSuchTileError, NotSealedYetError } from './proving.errors.js';

/** A tree with a signed checkpoint. */
interface SignedTree extends StoredTree {
  readonly checkpoint: SignedCheckpoint;
}

/** Reads the tree, its tiles and proofs. */
export class Proofs {
  constructor(
    private readonly log: EventLog,
    private readonly databases: Databases,
  ) {}

  /** The last signed checkpoint; undefined before the first one. */
  async checkpoint(): Promise<SignedCheckpoint | undefined> {
    return (await this.tree())?.checkpoint;
  }

  /**
   * The origin of the log, and those that were given up, the last one first.
   * @param prefix of the origin of a log that is not sealed yet; it has none when left out
   */
  async origins(prefix?: string): Promise<string[]> {
    const tree = await readTree(this.manager);
    if (tree) return [...new Set([tree.origin, ...tree.formerOrigins.toReversed()])];
    return prefix === undefined ? [] : [originOf(prefix, await this.log.id())];
  }

  /**
   * The hashes of a tile.
   * @throws NoSuchTileError when the last checkpoint does not cover it, BrokenTileError
   */
  async tile(tile: HashTile): Promise<Buffer> {
    const tree = await this.coveringTree(tile.level, tile);
    const [hashes] = await tilesOf(this.manager, tree)([tile]);
    if (hashes!.length !== tile.width * HASH_SIZE) throw new BrokenTileError(tile.level, tile.index);
    return Buffer.from(hashes!);
  }

  /**
   * The records of a tile of level 0, made from the rows of the log.
   * @throws NoSuchTileError when the last checkpoint does not cover them, EventChangedError when one is missing
   */
  async entries({ index, width }: Tile): Promise<Buffer> {
    await this.coveringTree(0, { index, width });
    const after = index * TILE_WIDTH;
    const { events } = await this.log.readAll({ after, limit: width, upTo: after + width });
    const missing = Array.from({ length: width }, (_, n) => after + n + 1).find((at, n) => events[n]?.position !== at);
    if (missing !== undefined) throw new EventChangedError(missing);
    return bundleOf(events.map((event) => encodeRecord(recordOf(event))));
  }

  /**
   * Proves an event by its position or its id.
   * @param under an earlier checkpoint of this log; default: the last one
   * @throws EventNotFoundError, NotSealedYetError also for a position that the log has not reached, EventChangedError
   */
  async prove(which: number | string, under?: SignedCheckpoint): Promise<ProofFile> {
    const event = await this.find(which);
    if (!event && typeof which === 'string') throw new EventNotFoundError(which);
    const position = event?.position ?? Number(which);
    const tree = await this.tree();
    const checkpoint = under ?? tree?.checkpoint;
    if (!tree || !checkpoint || checkpoint.size < position) throw new NotSealedYetError(position);
    if (!event) throw new EventChangedError(position);
    const { size } = checkpoint;
    const read = hashesFromTiles(size, this.tilesOf(tree));
    const index = position - 1;
    const [leaf] = await read([{ level: 0, index }]);
    if (!leaf!.equals(leafHash(encodeRecord(recordOf(event))))) throw new EventChangedError(position);
    const extra = Buffer.from(JSON.stringify(provedEvent(event)));
    return { extra, index, proof: await proveInclusion(index, size, read), checkpoint };
  }

  /**
   * Proves that the tree of one size is the beginning of that of another, and tells the roots of both.
   * @throws RangeError when the last checkpoint does not cover both
   */
  async consistency(first: number, second: number): Promise<{ proof: Buffer[]; roots: readonly [Buffer, Buffer] }> {
    const tree = await this.tree();
    if (!tree || second > tree.checkpoint.size) {
      throw new RangeError(`The last checkpoint covers ${tree?.checkpoint.size ?? 0} events, and not ${second}.`);
    }
    const tiles = this.tilesOf(tree);
    const proof = await proveConsistency(first, second, hashesFromTiles(second, tiles));
    const roots = [
      await rootOf(first, hashesFromTiles(first, tiles)),
      await rootOf(second, hashesFromTiles(second, tiles)),
    ] as const;
    return { proof, roots };
  }

  private async find(which: number | string): Promise<RecordedEvent | undefined> {
    if (typeof which === 'string') return (await this.log.readEvents([which]))[0];
    return (await this.log.readAll({ after: which - 1, limit: 1, upTo: which })).events[0];
  }

  private async tree(): Promise<SignedTree | undefined> {
    const tree = await readTree(this.manager);
    return tree?.checkpoint && { ...tree, checkpoint: tree.checkpoint };
  }

  private async coveringTree(level: number, { index, width }: Pick<Tile, 'index' | 'width'>): Promise<StoredTree> {
    const tree = await this.tree();
    if (!tree || widthOf(level, index, tree.checkpoint.size) < width) throw new NoSuchTileError();
    return tree;
  }

  private tilesOf(tree: StoredTree): ReadTiles {
    return tilesOf(this.manager, tree);
  }

  private get manager(): EntityManager {
    return this.databases.events.read.manager;
  }
}
