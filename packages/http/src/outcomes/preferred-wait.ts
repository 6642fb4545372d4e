/** Longest wait that a client can ask for, in seconds. */
export const LONGEST_WAIT = 30;

/** A preference, its value, and its parameters (RFC 7240, section 2), in a list that commas separate. */
const WAIT = /^wait\s*=\s*("?)(\d{1,9})\1\s*(?:;|$)/i;

/**
 * How long the client prefers to wait for the outcome, in whole seconds, at most `LONGEST_WAIT`; undefined if it does not
 * say so. A preference that can't be understood is ignored, as RFC 7240 demands, and of several the first counts.
 */
export function preferredWait(prefer: string | string[] | undefined): number | undefined {
  const list = [prefer ?? []].flat().join(',').split(',');
  for (const preference of list) {
    const [, , seconds] = WAIT.exec(preference.trim()) ?? [];
    if (seconds !== undefined) return Math.min(Number(seconds), LONGEST_WAIT);
  }
  return undefined;
}
