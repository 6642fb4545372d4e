import type { EntityManager } from 'typeorm';
import { execute } from '../../databases/execute.js';
import { type Lease, LeaseLostError, type LeasedPart } from '../states/lease.js';

/** Condition for `leftfold_parked_events p`: only events of these partitions. */
export function inPartitionsOf(part: LeasedPart | undefined): { sql: string; parameters: readonly number[] } {
  if (!part) return { sql: '', parameters: [] };
  const { first, last } = part.range;
  return {
    sql: 'and exists (select 1 from leftfold_events e where e.position = p.position and e.partition between ? and ?)',
    parameters: [first, last],
  };
}

/**
 * Condition: this process still has the lease; its parameters are name and epoch. A process that slept beyond its lease
 * must not overwrite the work of the next owner.
 */
export function isOwned({ part }: Lease): string {
  return part
    ? 'exists (select 1 from leftfold_subscription_ranges s where s.subscription = ? and s.epoch = ?)'
    : 'exists (select 1 from leftfold_subscriptions s where s.name = ? and s.epoch = ?)';
}

/** Locks the row of state: see `ParkedEvents.park`. */
export async function lockState(manager: EntityManager, subscription: string): Promise<void> {
  await execute(manager.queryRunner!, 'update leftfold_subscriptions set name = name where name = ?', [subscription]);
}

/**
 * Locks what a lease is for, and the row of state, before parked events change.
 * @throws LeaseLostError when this process no longer has the lease
 */
export async function lockOwned(manager: EntityManager, { name, epoch, part }: Lease): Promise<void> {
  const sql = part
    ? 'update leftfold_subscription_ranges set last_error = null where subscription = ? and epoch = ?'
    : 'update leftfold_subscriptions set last_error = case when parked > 1 then last_error end where name = ? and epoch = ?';
  const { affected } = await execute(manager.queryRunner!, sql, [name, epoch]);
  if (affected !== 1) throw new LeaseLostError(name);
  if (part) await lockState(manager, name);
}
