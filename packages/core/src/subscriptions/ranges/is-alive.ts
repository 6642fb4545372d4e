import { LONGEST_LEASE } from '../states/longest-lease.js';

/**
 * SQL: whether a row of `leftfold_nodes` is of a node that is alive.
 * @param now SQL for the database's time
 */
export function isAlive(now: string, alias: '' | 'n.' = ''): string {
  return `${alias}expires_at >= ${now} and ${alias}expires_at <= ${now} + ${LONGEST_LEASE}`;
}
