import type { Databases, EventLog, LogCompanion, RecordedEvent, StoreAsOwner } from '@leftfold/core';
import type { EntityManager } from 'typeorm';
import { checkpointText, parseCheckpoint, type SignedCheckpoint } from '../notes/checkpoint.js';
import type { SigningKey } from '../notes/keys.js';
import { formatNote } from '../notes/note.js';
import { signNote } from '../notes/signing.js';
import { encodeRecord, recordOf } from '../records/record.js';
import { ProofTileEntity, ProofTreeEntity } from '../stored/proof-tables.js';
import { growing, originOf, readTree, type StoredTree, TREE_ROW } from '../stored/stored-tree.js';
import type { FullTile, GrowingTree } from '../tree/growing-tree.js';
import { leafHash } from '../tree/hashes.js';
import type { CheckpointMemory } from './checkpoint-memory.js';
import { checkHistory } from './sealed-history.js';
import { OtherHistoryError, TreeChangedError } from './sealing.errors.js';

/** Events that are hashed and stored in one step. */
const STEP = 2_000;

/** How the sealer signs. */
export interface SealerOptions {
  /** All of them sign: two while one key takes over from another. */
  readonly keys: readonly SigningKey[];
  /** Shortest time between two checkpoints, in ms. */
  readonly interval: number;
  /** What the origin of a new log begins with. */
  readonly originPrefix: string;
}

/**
 * Adds the events of the log to the tree, and signs it. Tiles, the rest of the tree and the checkpoint are stored in one
 * transaction, which commits on the node that owns the subscription only. A checkpoint is remembered outside the database
 * before it can be read anywhere.
 */
export class Sealer implements LogCompanion {
  private stored: StoredTree | undefined;
  private tree: GrowingTree | undefined;
  /** When this process signed last, by `performance.now()`. */
  private signedAt = -Infinity;

  constructor(
    private readonly log: EventLog,
    private readonly databases: Databases,
    private readonly memory: CheckpointMemory,
    private readonly options: SealerOptions,
    private readonly onSealed: (size: number) => void,
  ) {}

  async follow(reached: number, store: StoreAsOwner): Promise<number> {
    try {
      return await this.step(reached, store);
    } catch (error) {
      // Only the database knows what was stored.
      this.close();
      throw error;
    }
  }

  close(): void {
    this.stored = undefined;
    this.tree = undefined;
  }

  private async step(reached: number, store: StoreAsOwner): Promise<number> {
    const stored = (this.stored ??= await this.open(store));
    const tree = (this.tree ??= growing(stored));
    const end = Math.max(reached, tree.size);
    if (end === this.signedSize(stored)) return Infinity;
    const wait = this.signedAt + this.options.interval - performance.now();
    if (wait > 0 && end - tree.size < STEP) return wait;

    const events = await this.next(tree.size, end);
    const filled = events.flatMap((event) => tree.add(leafHash(encodeRecord(recordOf(event)))));
    const checkpoint = wait > 0 ? undefined : this.sign(stored.origin, tree);
    if (checkpoint) await this.memory.write(checkpoint);
    const grown = { ...stored, size: tree.size, edge: tree.partialTiles, checkpoint: checkpoint ?? stored.checkpoint };
    await store((manager) => write(manager, stored, grown, filled));
    this.stored = grown;
    if (checkpoint) {
      this.signedAt = performance.now();
      this.onSealed(checkpoint.size);
    }
    return tree.size < end || events.length === STEP ? 0 : checkpoint ? Infinity : wait;
  }

  /** Reads the tree, or makes it in a log that was never sealed. */
  private async open(store: StoreAsOwner): Promise<StoredTree> {
    const { manager } = this.databases.events.write.dataSource;
    let stored = await readTree(manager);
    if (!stored) {
      const origin = originOf(this.options.originPrefix, await this.log.id());
      await store(async (owner) => {
        await owner.insert(ProofTreeEntity, {
          id: TREE_ROW,
          origin,
          formerOrigins: '[]',
          size: 0,
          edge: '[]',
          checkpoint: null,
          checkpointSize: 0,
        });
      });
      stored = { origin, formerOrigins: [], size: 0, edge: [], checkpoint: undefined };
    }
    await checkHistory(this.log, manager, stored, await this.memory.read());
    return stored;
  }

  /** Size of the last checkpoint; 0 when a key has not signed it, because it is new. */
  private signedSize({ checkpoint }: StoredTree): number {
    const isWhole = this.options.keys.every(({ name, keyId }) =>
      checkpoint?.note.signatures.some((each) => each.name === name && each.keyId === keyId),
    );
    return checkpoint && isWhole ? checkpoint.size : 0;
  }

  private async next(after: number, upTo: number): Promise<readonly RecordedEvent[]> {
    if (after === upTo) return [];
    const { events } = await this.log.readAll({ after, limit: STEP, upTo });
    refuseGaps(events, after);
    return events;
  }

  private sign(origin: string, { size, root }: GrowingTree): SignedCheckpoint {
    const text = checkpointText({ origin, size, root });
    const signatures = this.options.keys.map((key) => signNote(text, key));
    return parseCheckpoint(formatNote({ text, signatures }));
  }
}

async function write(
  manager: EntityManager,
  before: StoredTree,
  { size, edge, checkpoint }: StoredTree,
  filled: readonly FullTile[],
): Promise<void> {
  if (filled.length > 0) {
    await manager.insert(
      ProofTileEntity,
      filled.map(({ level, index, hashes }) => ({ level, index, hashes: hashes.toString('base64') })),
    );
  }
  const { affected } = await manager.update(
    ProofTreeEntity,
    { id: TREE_ROW, size: before.size, origin: before.origin },
    {
      size,
      edge: JSON.stringify(edge.map((tile) => tile.toString('base64'))),
      checkpoint: checkpoint ? formatNote(checkpoint.note) : null,
      checkpointSize: checkpoint?.size ?? 0,
    },
  );
  if (affected !== 1) throw new TreeChangedError();
}

function refuseGaps(events: readonly RecordedEvent[], after: number): void {
  const odd = events.findIndex(({ position }, n) => position !== after + n + 1);
  if (odd >= 0) throw new OtherHistoryError(`The event at position ${after + odd + 1} is missing.`);
}
