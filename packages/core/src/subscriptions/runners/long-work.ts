/** Work that takes so long is reported, in ms: it may never end. */
export const LONG = 5 * 60_000;

/** What to do about work that may never end. */
export const IF_IT_HANGS = 'If it hangs, give what it waits for a time limit, and restart the process.';

/** Does the work, and calls `report` once if it takes long. Nothing ends it: whether it still does something is not known. */
export async function reportingLong<T>(work: () => Promise<T>, report: () => void): Promise<T> {
  const timer = setTimeout(report, LONG);
  // A hanging handler is no reason for the process to go on.
  timer.unref();
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}
