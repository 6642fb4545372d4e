import { SetupError } from '../../errors.js';

/**
 * The longest lease, in ms. A lease that expires later than this from now was granted while the database's clock was
 * wrong, and counts as expired. Otherwise no process could take over until the wrong time.
 */
export const LONGEST_LEASE = 10 * 60_000;

/** @throws SetupError when the length of a lease, in ms, is not positive or would count as expired */
export function checkLease(leaseTtl: number): void {
  if (leaseTtl > 0 && leaseTtl <= LONGEST_LEASE) return;
  throw new SetupError(`leaseTtl is ${leaseTtl} ms. Give a time above 0, and of at most ${LONGEST_LEASE} ms.`);
}
