import { randomFillSync } from 'node:crypto';

/** So many bytes are taken from the system at once: a call of its own costs more than what most callers make of its bytes. */
const AT_ONCE = 4_096;

const pool = Buffer.alloc(AT_ONCE);
let used = AT_ONCE;

/**
 * Random bytes that are given to no other caller, for ids and nonces. Not for keys: the bytes stay in memory until the next
 * ones are taken.
 * @param size at most 4,096
 */
export function randomBytesOf(size: number): Buffer {
  if (used + size > AT_ONCE) {
    randomFillSync(pool);
    used = 0;
  }
  return Buffer.from(pool.subarray(used, (used += size)));
}
