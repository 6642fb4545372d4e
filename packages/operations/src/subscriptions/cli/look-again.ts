import { setTimeout as delay } from 'node:timers/promises';

/** Between two looks at what somebody else does, in ms. */
const PAUSE = 250;

/** Looks until there is an answer. Rejects with the signal's reason when it is aborted. */
export async function lookUntil<T>(look: () => Promise<T | undefined>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    await delay(PAUSE, undefined, { signal });
  }
}
