import { setTimeout as delay } from 'node:timers/promises';

/** Interval between two polls of another process's state, in ms. */
const INTERVAL = 250;

/** Polls until there is an answer. Rejects with the signal's reason when it is aborted. */
export async function pollUntil<T>(poll: () => Promise<T | undefined>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const found = await poll();
    if (found !== undefined) return found;
    await delay(INTERVAL, undefined, { signal });
  }
}
