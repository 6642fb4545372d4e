import { v7 as uuidv7 } from 'uuid';
import { randomBytesOf } from '../random-bytes.js';

const ID = 16;
let msecs = -Infinity;
/** Counts the ids of one millisecond, in 32 bits, from a random number on. */
let seq = 0;

/**
 * A new UUID of version 7: a time in ms, a counter, and random bits. Ids of one process are in the order in which they were
 * made, also when the clock is put back. Source: RFC 9562, section 6.2, method 1.
 */
export function newEventId(): string {
  const random = randomBytesOf(ID);
  const now = Date.now();
  if (now > msecs) {
    msecs = now;
    // The highest bit is 0, so that there is room to count.
    seq = random.readUInt32BE(6) & 0x7fffffff;
  } else {
    seq = (seq + 1) | 0;
    if (seq === 0) msecs += 1;
  }
  return uuidv7({ random, msecs, seq });
}
