import { SetupError } from '../../errors.js';

/**
 * The longest that a process may keep a subscription without a sign of life, in ms. A lease that ends later than this from now
 * was given while the database's clock was wrong, and counts as run out: otherwise nobody took over before that clock's time.
 */
export const LONGEST_LEASE = 10 * 60_000;

/** @throws SetupError when a lease of this length would count as run out, or is none; in ms */
export function checkLease(leaseTtl: number): void {
  if (leaseTtl > 0 && leaseTtl <= LONGEST_LEASE) return;
  throw new SetupError(`leaseTtl is ${leaseTtl} ms. Give a time above 0, and of at most ${LONGEST_LEASE} ms.`);
}
