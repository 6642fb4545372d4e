import type { Databases, EventLog, LogCheckpoint, LogSeal, SealReport } from '@leftfold/core';
import type { EntityManager } from 'typeorm';
import { formatNote, type NoteSignature, type SignedNote } from '../notes/note.js';
import type { VerifierKey } from '../notes/keys.js';
import { UnverifiedNoteError, verifyNote } from '../notes/signing.js';
import { readTree, type StoredTree, tilesOf, UnreadableTreeError } from '../stored/stored-tree.js';
import { proveConsistency } from '../tree/prove.js';
import { hashesFromTiles } from '../tree/tile-hashes.js';
import { HASH_SIZE } from '../tree/hashes.js';
import { hashesAtLevel, type HashTile, TILE_WIDTH, widthOf } from '../tree/tile.js';
import { TreeVerifier } from '../verifying/tree-verifier.js';

/** The tree, as the kernel uses it for exports and verifications. */
export class ProofSeal implements LogSeal {
  constructor(
    private readonly log: EventLog,
    private readonly databases: Databases,
    /** Keys of this log, as far as they are known here. */
    private readonly keys: readonly VerifierKey[],
  ) {}

  async checkpoint(): Promise<LogCheckpoint | undefined> {
    const checkpoint = (await readTree(this.manager))?.checkpoint;
    return checkpoint && { size: checkpoint.size, note: formatNote(checkpoint.note) };
  }

  async partialTiles(size: number): Promise<string[]> {
    const tiles: HashTile[] = [];
    for (let level = 0; hashesAtLevel(level, size) > 0; level++) {
      const hashes = hashesAtLevel(level, size);
      tiles.push({ level, index: Math.floor(hashes / TILE_WIDTH), width: hashes % TILE_WIDTH });
    }
    const read = await tilesOf(this.manager, await this.tree())(tiles);
    return read.map((tile) => Buffer.from(tile).toString('base64'));
  }

  async leaves(after: number, upTo: number): Promise<string> {
    const tree = await this.tree();
    const index = Math.floor(after / TILE_WIDTH);
    const [tile] = await tilesOf(this.manager, tree)([{ level: 0, index, width: widthOf(0, index, tree.size) }]);
    const [from, to] = [after, upTo].map((position) => (position - index * TILE_WIDTH) * HASH_SIZE);
    return Buffer.from(tile!.subarray(from, to)).toString('base64');
  }

  async consistency(first: number, second: number): Promise<string[]> {
    const tiles = tilesOf(this.manager, await this.tree());
    const proof = await proveConsistency(first, second, hashesFromTiles(second, tiles));
    return proof.map((hash) => hash.toString('base64'));
  }

  async verify(options: { readonly most: number; readonly signal: AbortSignal | undefined }): Promise<SealReport> {
    const { most, signal } = options;
    const report = await new TreeVerifier(this.log, this.databases).verify({ most, ...(signal && { signal }) });
    const message = await this.forgedSignature();
    if (message === undefined) return report;
    return {
      ...report,
      findings: [...report.findings, { position: undefined, message }].slice(0, most),
      found: report.found + 1,
    };
  }

  /** A key that is not known here is none: keys may have been exchanged since. */
  private async forgedSignature(): Promise<string | undefined> {
    try {
      const { note, size } = (await readTree(this.manager))?.checkpoint ?? {};
      const signatures = note?.signatures.filter((each) => this.keys.some((key) => isOf(each, key))) ?? [];
      return signatures.length > 0 ? forged({ ...note!, signatures }, this.keys, size!) : undefined;
    } catch (error) {
      // The comparison has found this, too.
      if (error instanceof UnreadableTreeError) return undefined;
      throw error;
    }
  }

  private async tree(): Promise<StoredTree> {
    const tree = await readTree(this.manager);
    if (!tree) throw new RangeError('The log has no tree.');
    return tree;
  }

  private get manager(): EntityManager {
    return this.databases.events.read.manager;
  }
}

function isOf({ name, keyId }: NoteSignature, key: VerifierKey): boolean {
  return name === key.name && keyId === key.keyId;
}

function forged(note: SignedNote, keys: readonly VerifierKey[], size: number): string | undefined {
  try {
    verifyNote(note, keys);
    return undefined;
  } catch (error) {
    if (error instanceof UnverifiedNoteError) return `The checkpoint at position ${size}: ${error.message}`;
    throw error;
  }
}
