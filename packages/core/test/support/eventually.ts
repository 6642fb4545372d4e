import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats an assertion until it holds. At the limit it fails with the assertion's error.
 *
 * @param limit the sum of the pauses between attempts, in ms. A busy machine needs longer for the work, and for an attempt
 *   as well
 */
export async function eventually<T>(assertion: () => Promise<T> | T, limit = 30_000): Promise<T> {
  for (let waited = 0; ;) {
    try {
      return await assertion();
    } catch (error) {
      if (waited > limit) throw error;
      // The pauses grow, because each attempt takes time from the work.
      const pause = Math.min(10 + waited / 5, 100);
      await delay(pause);
      waited += pause;
    }
  }
}
