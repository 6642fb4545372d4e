import type { OpenStore, Target } from '../contract.js';
import { batches } from './dataset.js';
import type { Scale, Workload } from './workload.js';

/** Writes the data that a workload reads. */
export async function fill(
  open: OpenStore,
  target: Target,
  { parts, readModels = false }: NonNullable<Workload['data']>,
  scale: Scale,
): Promise<void> {
  const store = await open(target, { use: 'fill', readModels });
  try {
    let account = 0;
    for (const part of parts(scale)) {
      for (const entries of batches(part, account)) await store.fill(entries);
      account += part.streams;
    }
  } finally {
    await store.close();
  }
}
