import { randomBytes } from 'node:crypto';
import type { Databases } from '@leftfold/core';
import type { SignedCheckpoint } from '../notes/checkpoint.js';
import { ProofTreeEntity } from '../stored/proof-tables.js';
import { firstOriginOf, readTree, TREE_ROW } from '../stored/stored-tree.js';

/** What was declared. */
export interface DeclaredOrigin {
  readonly origin: string;
  /** Origins whose checkpoints no longer bind this log. */
  readonly givenUp: readonly string[];
}

/**
 * Gives the log a new origin, after it was restored from an older backup: auditors see that its history begins anew, and
 * the sealer goes on. The tree stays as it is.
 * @param signed the last checkpoint that was signed before, if it is known
 * @returns undefined when the log was never sealed
 */
export async function declareNewOrigin(
  databases: Databases,
  signed: SignedCheckpoint | undefined,
): Promise<DeclaredOrigin | undefined> {
  return databases.besideTheLog(async (manager) => {
    const tree = await readTree(manager);
    if (!tree) return undefined;
    const former = new Set([...tree.formerOrigins, tree.origin, ...(signed ? [signed.origin] : [])]);
    const origin = `${firstOriginOf(tree.origin)}#${randomBytes(4).toString('hex')}`;
    await manager.update(
      ProofTreeEntity,
      { id: TREE_ROW },
      { origin, formerOrigins: JSON.stringify([...former]), checkpoint: null, checkpointSize: 0 },
    );
    return { origin, givenUp: [...former] };
  });
}
