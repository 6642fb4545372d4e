import { performance } from 'node:perf_hooks';

/**
 * In ms: how long one caller waits while others ask at the same time; the least of some rounds, which other programs disturb
 * least. Compare it with a second measurement of the same run, never with a number of ms.
 */
export async function latencyBeside(
  others: () => Promise<unknown>,
  caller: () => Promise<unknown>,
  rounds = 15,
): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const busy = others();
    const began = performance.now();
    await caller();
    times.push(performance.now() - began);
    await busy;
  }
  return Math.min(...times);
}
