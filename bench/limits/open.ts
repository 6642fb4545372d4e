import type { OpenStore } from '../contract.js';

/** Each engine's driver is loaded on demand, so that a run holds only one in memory. */
const openIn =
  (mode: 'each' | 'batched'): OpenStore =>
  async (target) => {
    if (target.engine === 'sqlite') return new (await import('./sqlite-store.js')).SqliteStore(target, mode);
    return (await import('./postgres-store.js')).PostgresStore.open(target, mode);
  };

export const openEach = openIn('each');
export const openBatched = openIn('batched');
