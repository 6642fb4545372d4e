import { randomFillSync } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const ID = 16;
/** Random bytes for so many ids are taken from the system at once: a call of its own for each id costs more than the id. */
const AT_ONCE = 256;

const pool = new Uint8Array(ID * AT_ONCE);
let used = pool.length;

/** A new UUID of version 7: a time in ms, and random bits. */
export function newEventId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += ID));
  return uuidv7({ random });
}
