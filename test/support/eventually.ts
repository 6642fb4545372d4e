import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats an assertion until it holds, or the limit is reached; then it fails with the words of the assertion.
 *
 * @param limit the sum of the pauses between two looks, in ms: a busy machine takes longer for what is waited for, and for a
 *   look as well
 */
export async function eventually<T>(assertion: () => Promise<T> | T, limit = 15_000): Promise<T> {
  for (let waited = 0; ;) {
    try {
      return await assertion();
    } catch (error) {
      if (waited > limit) throw error;
      // What lasts is looked at less often: looking would take the time of what is waited for.
      const pause = Math.min(5 + waited / 10, 100);
      await delay(pause);
      waited += pause;
    }
  }
}
