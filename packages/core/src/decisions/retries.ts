/**
 * How often a decision is taken before it fails with BusyError. Within a process decisions about the same thing queue
 * up, so each attempt competes with one decision of every other node.
 */
export const RETRIES = 60;
/** Longest pause before the second attempt, in ms. It doubles with each further attempt. */
const FIRST_PAUSE = 4;
const LONGEST_PAUSE = 100;

/** A random pause after a failed attempt, in ms, so that two nodes don't meet again and again. */
export function pauseAfter(attempt: number): number {
  return Math.random() * Math.min(FIRST_PAUSE * 2 ** attempt, LONGEST_PAUSE);
}
