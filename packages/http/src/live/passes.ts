import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for so many ms, and answers whether they passed: false as soon as the signal is given. */
export async function passes(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
