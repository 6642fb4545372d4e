import { setTimeout as sleep } from 'node:timers/promises';

/** The longest time without progress, in ms. A busy machine needs longer for the work, and does some of it all the time. */
const STANDSTILL = 30_000;

/**
 * Waits until nothing is left of what a load has to do.
 * @param left how much that is
 * @throws Error when the load stands still; and that of `left`
 */
export async function untilNoneLeft(left: () => number, problem: string): Promise<void> {
  let fewest = Infinity;
  let since = performance.now();
  for (let now = left(); now > 0; now = left()) {
    if (now < fewest) [fewest, since] = [now, performance.now()];
    if (performance.now() - since > STANDSTILL) throw new Error(`${now} ${problem}.`);
    await sleep(5);
  }
}
