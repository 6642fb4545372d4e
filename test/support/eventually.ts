import { setTimeout as delay } from 'node:timers/promises';

/** Repeats an assertion until it holds, at most for `limit` ms; then it fails with the assertion's own words. */
export async function eventually<T>(assertion: () => Promise<T> | T, limit = 15_000): Promise<T> {
  const begun = Date.now();
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      const waited = Date.now() - begun;
      if (waited > limit) throw error;
      // What lasts is looked at less often: looking would take the time of what is waited for.
      await delay(Math.min(5 + waited / 10, 100));
    }
  }
}
