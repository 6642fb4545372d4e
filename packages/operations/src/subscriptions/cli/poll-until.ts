import { setTimeout as delay } from 'node:timers/promises';

/** Interval between two polls of another process's state, in ms. */
const PAUSE = 250;

/** Polls until there is an answer. Rejects with the signal's reason when it is aborted. */
export async function lookUntil<T>(look: () => Promise<T | undefined>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    await delay(PAUSE, undefined, { signal });
  }
}
