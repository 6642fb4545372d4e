import { SqliteWriteDatabase } from '../../../src/event-sourcing/databases/sqlite-write-database.js';
import { PostgresWriteDatabase, type WriteDatabase } from '../../../src/event-sourcing/databases/write-database.js';
import { ReadModelBatch } from '../../../src/event-sourcing/read-models/read-model-batch.js';
import { SubscriptionStates } from '../../../src/event-sourcing/subscriptions/states/subscription-states.js';

/** The moments in a read model's transaction at which a process may be killed. */
export const KILL_POINTS = [
  'before the rows',
  'after the rows, before the checkpoint',
  'after the checkpoint, before the commit',
  'after the commit',
] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

/** Makes this process kill itself when it reaches a point for the nth time: no code of ours runs after it. */
export function killAt(point: KillPoint, nth: number): void {
  let reached = 0;
  let checkpointMoved = false;
  const passing = (here: KillPoint): void => {
    if (here === point && ++reached === nth) process.kill(process.pid, 'SIGKILL');
  };

  wrap(
    ReadModelBatch.prototype,
    'flush',
    (flush) =>
      async function (this: ReadModelBatch) {
        passing('before the rows');
        const manager = await flush.call(this);
        passing('after the rows, before the checkpoint');
        return manager;
      },
  );

  wrap(
    SubscriptionStates.prototype,
    'advance',
    (advance) =>
      async function (this: SubscriptionStates, manager, lease, move) {
        await advance.call(this, manager, lease, move);
        // One that only passes over events of others belongs to no batch.
        if (move.handled === 0) return;
        checkpointMoved = true;
        passing('after the checkpoint, before the commit');
      },
  );

  for (const { prototype } of [PostgresWriteDatabase, SqliteWriteDatabase]) {
    wrap<WriteDatabase, 'transaction'>(
      prototype,
      'transaction',
      (transaction) =>
        async function <T>(this: WriteDatabase, work: Parameters<typeof transaction<T>>[0]) {
          const result = await transaction.call(this, work);
          if (checkpointMoved) passing('after the commit');
          checkpointMoved = false;
          return result as T;
        },
    );
  }
}

export function wrap<T extends object, Name extends keyof T>(
  prototype: T,
  name: Name,
  around: (original: T[Name]) => T[Name],
): void {
  prototype[name] = around(prototype[name]);
}
