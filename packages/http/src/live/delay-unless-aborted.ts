import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for this many ms. Answers true when the time has passed, or false as soon as the signal is aborted. */
export async function delayUnlessAborted(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
