import { performance } from 'node:perf_hooks';

/** The minimum is least disturbed by other programs. The median also shows what happens only half of the time. */
type Kind = 'least' | 'median';

/**
 * How long one caller waits while others send requests at the same time, over some rounds; in ms. Compare it with a second
 * measurement of the same run, never with a fixed number of ms.
 */
export async function latencyBeside(
  others: () => Promise<unknown>,
  caller: () => Promise<unknown>,
  kind: Kind = 'least',
): Promise<number> {
  const rounds = kind === 'least' ? 15 : 41;
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const busy = others();
    const began = performance.now();
    await caller();
    times.push(performance.now() - began);
    await busy;
  }
  times.sort((one, other) => one - other);
  return times[kind === 'least' ? 0 : (rounds - 1) / 2]!;
}
