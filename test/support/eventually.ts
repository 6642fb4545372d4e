import { setTimeout as delay } from 'node:timers/promises';

/** Repeats an assertion until it holds, at most for `limit` ms; then it fails with the assertion's own words. */
export async function eventually<T>(assertion: () => Promise<T> | T, limit = 15_000): Promise<T> {
  const deadline = Date.now() + limit;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(20);
    }
  }
}
