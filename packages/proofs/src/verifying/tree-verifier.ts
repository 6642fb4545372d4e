import type { Databases, EventLog, RecordedEvent } from '@leftfold/core';
import { encodeRecord, recordOf } from '../records/record.js';
import { ProofTileEntity } from '../stored/proof-tables.js';
import { readTree, type StoredTree, tilesOf, UnreadableTreeError } from '../stored/stored-tree.js';
import { type FullTile, GrowingTree } from '../tree/growing-tree.js';
import { HASH_SIZE, leafHash } from '../tree/hashes.js';
import { hashesIn } from '../tree/tile-hashes.js';
import { hashesAtLevel, TILE_WIDTH, widthOf } from '../tree/tile.js';
import { type OtherEvent, namesOf } from './name-events.js';
import type { TreeFinding } from './tree-finding.js';

/** What a comparison of the log with its tree has found. */
export interface TreeReport {
  /** Whether nothing was found. */
  readonly ok: boolean;
  readonly origin: string | undefined;
  /** Number of events under the tree. */
  readonly sealed: number;
  /** Number of events that are not under it yet. */
  readonly notYetSealed: number;
  /** The first findings. */
  readonly findings: readonly TreeFinding[];
  /** Number of all findings. */
  readonly found: number;
}

/** Options of a comparison. */
export interface TreeVerifyOptions {
  /** The most findings to return. Default: 100. */
  readonly most?: number;
  /** Ends it early, with the signal's reason as the error. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (events: number, of: number) => void;
}

/** In place of the hash of an event that is missing. */
const NO_HASH = Buffer.alloc(HASH_SIZE);
/** Swapped events are searched for among so many. */
const MOST_COMPARED = 1_000;

/** Compares every row of the log with the tree, and the tree with its checkpoint. It only reads. */
export class TreeVerifier {
  constructor(
    private readonly log: EventLog,
    private readonly databases: Databases,
  ) {}

  async verify({ most = 100, signal, onProgress }: TreeVerifyOptions = {}): Promise<TreeReport> {
    const head = await this.log.head();
    let tree: StoredTree | undefined;
    try {
      tree = await readTree(this.databases.events.read.manager);
    } catch (error) {
      if (!(error instanceof UnreadableTreeError)) throw error;
      const findings = [{ position: undefined, message: error.message }];
      return { ok: false, origin: undefined, sealed: 0, notYetSealed: head, findings, found: 1 };
    }
    if (!tree) return { ok: true, origin: undefined, sealed: 0, notYetSealed: head, findings: [], found: 0 };
    const others: OtherEvent[] = [];
    const findings: TreeFinding[] = [];
    let found = 0;
    const built = new GrowingTree();
    const rows = new GrowingTree();
    let root = built.root;
    let rootOfRows = built.root;
    for (let index = 0; index * TILE_WIDTH < tree.size; index++) {
      signal?.throwIfAborted();
      const sealed = await this.leaves(tree, index);
      const events = await this.events(index, sealed.length);
      for (const [n, hash] of sealed.entries()) {
        const position = index * TILE_WIDTH + n + 1;
        const event = events.get(position);
        const actual = event ? leafHash(encodeRecord(recordOf(event))) : NO_HASH;
        if (!actual.equals(hash)) {
          found += 1;
          if (others.length < MOST_COMPARED) others.push({ position, event, sealed: hash });
        }
        const filled = built.add(hash);
        rows.add(actual);
        if (built.size === tree.checkpoint?.size) [root, rootOfRows] = [built.root, rows.root];
        for (const tile of filled) findings.push(...(await this.compareTile(tile)));
      }
      onProgress?.(Math.min((index + 1) * TILE_WIDTH, tree.size), tree.size);
    }
    findings.push(...treeFindings(tree, built, root));
    found += findings.length;
    const signed = tree.checkpoint && rootOfRows.equals(tree.checkpoint.root) ? tree.checkpoint.size : 0;
    const all = [...namesOf(others, signed), ...findings];
    const notYetSealed = Math.max(head - tree.size, 0);
    return {
      ok: found === 0,
      origin: tree.origin,
      sealed: tree.size,
      notYetSealed,
      findings: all.slice(0, most),
      found,
    };
  }

  private async leaves(tree: StoredTree, index: number): Promise<Buffer[]> {
    const width = widthOf(0, index, tree.size);
    const [tile] = await tilesOf(this.databases.events.read.manager, tree)([{ level: 0, index, width }]);
    // A missing hash fits no event.
    return Array.from({ length: width }, (_, n) => hashesIn(tile!)[n] ?? Buffer.alloc(0));
  }

  private async events(index: number, count: number): Promise<ReadonlyMap<number, RecordedEvent>> {
    const after = index * TILE_WIDTH;
    const { events } = await this.log.readAll({ after, limit: count, upTo: after + count });
    return new Map(events.map((event) => [event.position, event]));
  }

  private async compareTile({ level, index, hashes }: FullTile): Promise<TreeFinding[]> {
    if (level === 0) return [];
    const row = await this.databases.events.read.manager.findOneBy(ProofTileEntity, { level, index });
    if (row?.hashes === hashes.toString('base64')) return [];
    return [{ position: undefined, message: `Tile ${index} of level ${level} ${row ? 'was changed' : 'is missing'}.` }];
  }
}

function treeFindings(tree: StoredTree, built: GrowingTree, root: Buffer): TreeFinding[] {
  const messages: string[] = [];
  for (const [level, edge] of built.partialTiles.entries()) {
    const isEmpty = hashesAtLevel(level, tree.size) % TILE_WIDTH === 0;
    if (!isEmpty && !tree.edge[level]?.equals(edge)) messages.push(`The last tile of level ${level} was changed.`);
  }
  const { checkpoint } = tree;
  if (checkpoint && (checkpoint.size > tree.size || !checkpoint.root.equals(root))) {
    messages.push(`The checkpoint at position ${checkpoint.size} is not that of this tree.`);
  }
  if (checkpoint && checkpoint.origin !== tree.origin) {
    messages.push(`The checkpoint is for the origin ${checkpoint.origin}, and the log is ${tree.origin}.`);
  }
  return messages.map((message) => ({ position: undefined, message }));
}
