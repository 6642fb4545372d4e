import type { EventLog } from '@leftfold/core';
import type { EntityManager } from 'typeorm';
import type { SignedCheckpoint } from '../notes/checkpoint.js';
import { encodeRecord, recordOf } from '../records/record.js';
import { type StoredTree, growing, tilesOf } from '../stored/stored-tree.js';
import { leafHash } from '../tree/hashes.js';
import { rootOf } from '../tree/subtrees.js';
import { hashesFromTiles } from '../tree/tile-hashes.js';
import { OtherHistoryError } from './sealing.errors.js';

const PAGE = 1_000;

/**
 * Refuses a log that is not the one that was sealed.
 * @param remembered the last checkpoint that was signed, as a file outside the database has it
 * @throws OtherHistoryError
 */
export async function checkHistory(
  log: EventLog,
  manager: EntityManager,
  tree: StoredTree,
  remembered: SignedCheckpoint | undefined,
): Promise<void> {
  const head = await log.head();
  if (head < tree.size) {
    throw new OtherHistoryError(`The log ends at position ${head}, and was sealed up to position ${tree.size}.`);
  }
  if (!remembered || tree.formerOrigins.includes(remembered.origin)) return;
  const { origin, size, root } = remembered;
  if (origin !== tree.origin) {
    throw new OtherHistoryError(
      `The last checkpoint was signed for the origin ${origin}, and this log is ${tree.origin}.`,
    );
  }
  if (head < size) {
    throw new OtherHistoryError(`The log ends at position ${head}, and a checkpoint was signed at position ${size}.`);
  }
  if (!(await rootAt(size, log, manager, tree)).equals(root)) {
    throw new OtherHistoryError(`The events up to position ${size} are not those that were signed there.`);
  }
}

/** The root that the log has at a size, also when the tree has not grown so far. */
async function rootAt(size: number, log: EventLog, manager: EntityManager, tree: StoredTree): Promise<Buffer> {
  if (size <= tree.size) return rootOf(size, hashesFromTiles(size, tilesOf(manager, tree)));
  const grown = growing(tree);
  while (grown.size < size) {
    const { events } = await log.readAll({ after: grown.size, limit: PAGE, upTo: size });
    if (events.length === 0) break;
    for (const event of events) grown.add(leafHash(encodeRecord(recordOf(event))));
  }
  return grown.root;
}
