import { performance } from 'node:perf_hooks';

/** The least is what other programs disturb least. The median also shows what is there only half of the time. */
type Kind = 'least' | 'median';

/**
 * In ms: how long one caller waits while others ask at the same time, over some rounds. Compare it with a second measurement
 * of the same run, never with a number of ms.
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
