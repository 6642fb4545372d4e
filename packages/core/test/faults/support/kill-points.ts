import { SqliteWriteDatabase } from '../../../src/databases/sqlite-write-database.js';
import { PostgresWriteDatabase } from '../../../src/databases/write-database.js';
import { ForgettingProgress } from '../../../src/operations/forgetting/forgetting-progress.js';
import { ForgottenCopies } from '../../../src/operations/forgetting/forgotten-copies.js';
import { TableKeyStore } from '../../../src/personal-data/table-key-store.js';
import { ReadModelBatch } from '../../../src/read-models/read-model-batch.js';
import { PostgresShadowTables } from '../../../src/read-models/rebuild/postgres/postgres-shadow-tables.js';
import { RebuildStates } from '../../../src/read-models/rebuild/rebuild-states.js';
import { SqliteShadowTables } from '../../../src/read-models/rebuild/sqlite/sqlite-shadow-tables.js';
import { SideEffectDelivery } from '../../../src/side-effects/side-effect-delivery.js';
import { StoredRanges } from '../../../src/subscriptions/ranges/stored-ranges.js';
import type { Lease } from '../../../src/subscriptions/states/lease.js';
import { StoredCheckpoints } from '../../../src/subscriptions/states/stored-checkpoints.js';

type Method = (this: unknown, ...given: unknown[]) => Promise<unknown>;

export interface Place {
  readonly classes: readonly { readonly prototype: object }[];
  readonly method: string;
  readonly when: 'before' | 'after';
  /** Whether a call counts; default: every call. */
  readonly counts?: (given: readonly unknown[]) => boolean;
  /** The point that must have been passed before. */
  readonly since?: KillPoint;
}

const TRANSACTION = { classes: [PostgresWriteDatabase, SqliteWriteDatabase], method: 'transaction' } as const;
const ROWS = { classes: [ReadModelBatch], method: 'flush' } as const;

/** The points in a read model's transaction of several statements at which a process may be killed. */
const TRANSACTION_KILL_POINTS = [
  'before the rows',
  'after the rows, before the checkpoint',
  'after the checkpoint, before the commit',
] as const;

/** The points in a batch of a read model at which a process may be killed. */
export const BATCH_KILL_POINTS = [...TRANSACTION_KILL_POINTS, 'after the commit'] as const;

/** Whether a point is reached only where a projection has SQL of its own: rows alone are written with the checkpoint. */
export function needsSql(point: KillPoint): boolean {
  return (TRANSACTION_KILL_POINTS as readonly KillPoint[]).includes(point);
}

/** The points in a rebuild at which a process may be killed. */
export const REBUILD_KILL_POINTS = [
  'with the shadow tables made, before the commit',
  'with rows in the shadow tables, before the commit',
  'with the checkpoints exchanged, before the tables are',
  'with the tables exchanged, before the commit',
  'after the commit of the exchange',
] as const;

/** The points in a forgetting at which a process may be killed, in their order. */
export const FORGETTING_KILL_POINTS = [
  'before the mark',
  'after the mark',
  'after the tags',
  'after the snapshots',
  'after the key',
  'after the forgetting, before the commit',
] as const;

export type ForgettingKillPoint = (typeof FORGETTING_KILL_POINTS)[number];

/** The points at which a process takes over a range of partitions and gives it back, in their order. */
export const HANDOVER_POINTS = [
  'with the range claimed, before the commit',
  'after the claim, before the first batch',
  'before the checkpoint of the range',
  'before the range is released',
] as const;

export type HandoverPoint = (typeof HANDOVER_POINTS)[number];

export type KillPoint =
  HandoverPoint | (typeof BATCH_KILL_POINTS)[number] | (typeof REBUILD_KILL_POINTS)[number] | ForgettingKillPoint;

const PLACES: Readonly<Record<KillPoint, Place>> = {
  'before the rows': { ...ROWS, when: 'before' },
  'after the rows, before the checkpoint': { ...ROWS, when: 'after' },
  'after the checkpoint, before the commit': {
    classes: [StoredCheckpoints],
    method: 'advance',
    when: 'after',
    // A checkpoint that only skips events of other types belongs to no batch.
    counts: ([, , move]) => (move as { handled: number }).handled > 0,
  },
  'after the commit': { classes: [StoredCheckpoints], method: 'advanceWith', when: 'after' },
  'with the shadow tables made, before the commit': { classes: [RebuildStates], method: 'start', when: 'after' },
  'with rows in the shadow tables, before the commit': { classes: [RebuildStates], method: 'advance', when: 'after' },
  'with the checkpoints exchanged, before the tables are': {
    classes: [RebuildStates],
    method: 'finish',
    when: 'after',
  },
  'with the tables exchanged, before the commit': {
    classes: [SqliteShadowTables, PostgresShadowTables],
    method: 'swap',
    when: 'after',
  },
  'with the range claimed, before the commit': {
    classes: [StoredRanges],
    method: 'replace',
    when: 'after',
    counts: ([, , change]) => (change as { claimed?: object }).claimed !== undefined,
  },
  'after the claim, before the first batch': {
    classes: [SideEffectDelivery],
    method: 'open',
    when: 'before',
    counts: ([run]) => (run as { lease: Lease }).lease.part !== undefined,
  },
  'before the checkpoint of the range': {
    classes: [StoredCheckpoints],
    method: 'advanceWith',
    when: 'before',
    counts: ([, lease, move]) => (lease as Lease).part !== undefined && (move as { handled: number }).handled > 0,
  },
  'before the range is released': { classes: [StoredRanges], method: 'release', when: 'before' },
  'before the mark': { classes: [TableKeyStore], method: 'forget', when: 'before' },
  'after the mark': { classes: [TableKeyStore], method: 'forget', when: 'after' },
  'after the tags': { classes: [ForgottenCopies], method: 'releaseTags', when: 'after' },
  'after the snapshots': { classes: [ForgottenCopies], method: 'deleteSnapshots', when: 'after' },
  'after the key': { classes: [TableKeyStore], method: 'erase', when: 'after' },
  'after the forgetting, before the commit': { classes: [ForgettingProgress], method: 'advance', when: 'after' },
  'after the commit of the exchange': {
    ...TRANSACTION,
    when: 'after',
    since: 'with the tables exchanged, before the commit',
  },
};

/** Makes this process kill itself when it reaches a point for the nth time: no code of ours runs after it. */
export function killAt(point: KillPoint, nth: number): void {
  const { since, ...place } = PLACES[point];
  let isDue = since === undefined;
  let reached = 0;
  if (since) onReaching(PLACES[since], () => (isDue = true));
  onReaching(place, () => {
    if (!isDue) return;
    reached += 1;
    if (reached === nth) process.kill(process.pid, 'SIGKILL');
    isDue = since === undefined;
  });
}

/** Makes this process send itself a signal when it reaches a point for the first time, after it has printed `at <point>`. */
export function signalAt(point: HandoverPoint, signal: NodeJS.Signals): void {
  let isOver = false;
  onReaching(PLACES[point], () => {
    if (isOver) return;
    isOver = true;
    console.log(`at ${point}`);
    process.kill(process.pid, signal);
  });
}

/** Calls `reach` before or after each call of a method that counts. */
export function onReaching({ classes, method, when, counts = () => true }: Place, reach: () => void): void {
  for (const { prototype } of classes) {
    const methods = prototype as Record<string, Method>;
    const original = methods[method]!;
    methods[method] = async function (...given) {
      if (when === 'before' && counts(given)) reach();
      const result = await original.apply(this, given);
      if (when === 'after' && counts(given)) reach();
      return result;
    };
  }
}
