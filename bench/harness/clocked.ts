/** Time that work took, in ms: on the clock, and of this process on the processor. */
export interface Clocked {
  readonly took: number;
  readonly cpu: number;
}

export async function clocked(work: () => Promise<unknown>): Promise<Clocked> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const took = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return { took, cpu: (user + system) / 1_000 };
}

/** A rate a second, and the time on the processor for each, in microseconds. */
export function rateOf(count: number, { took, cpu }: Clocked): { readonly value: number; readonly cpu: number } {
  return { value: (count / took) * 1_000, cpu: (cpu / count) * 1_000 };
}
