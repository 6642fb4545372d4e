import type { Engine, OpenStore } from './contract.js';

const withoutLog: OpenStore = () => Promise.reject(new Error('The application without events has no log.'));

/** How each contestant is opened. It is loaded on demand, so that a process holds nothing of another one. */
export const CONTESTANTS: Readonly<Record<string, () => Promise<OpenStore>>> = {
  each: async () => (await import('./limits/open.js')).openEach,
  batched: async () => (await import('./limits/open.js')).openBatched,
  leftfold: async () => (await import('./leftfold/leftfold-store.js')).openLeftfold,
  'no-sync': async () => (await import('./leftfold/trials.js')).openWithoutSync,
  'no-triggers': async () => (await import('./leftfold/trials.js')).openWithoutTriggers,
  'no-look-ups': async () => (await import('./leftfold/trials.js')).openWithoutLookUps,
  'command-ids': async () => (await import('./leftfold/trials.js')).openWithCommandIds,
  emmett: async () => (await import('./contestants/emmett/emmett-store.js')).openEmmett,
  'emmett-sqlite': async () => (await import('./contestants/emmett-sqlite/emmett-sqlite-store.js')).openEmmettSqlite,
  'message-db': async () => (await import('./contestants/message-db/message-db-store.js')).openMessageDb,
  // They serve HTTP, and are no stores.
  crud: async () => withoutLog,
  bare: async () => withoutLog,
};

/** How the table names them. */
export const TITLES: Readonly<Record<string, string>> = {
  each: 'limit, each',
  batched: 'limit',
  leftfold: 'Leftfold',
  against: 'Leftfold, the other checkout',
  'no-sync': 'without waiting for the disk',
  'no-triggers': 'without protection of rows',
  'no-look-ups': 'without look-ups',
  'command-ids': 'with ids of commands',
  crud: 'the same, no events',
  bare: 'bare Nest, no events',
  emmett: 'Emmett',
  'emmett-sqlite': 'Emmett',
  'message-db': 'message-db',
};

/** Contestants that have one engine only. */
export const ENGINE_OF: Readonly<Record<string, Engine>> = {
  emmett: 'postgres',
  'emmett-sqlite': 'sqlite',
  'message-db': 'postgres',
};
