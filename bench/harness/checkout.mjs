import { join } from 'node:path';

/** The folder of the checkout that is measured: the one that this benchmark is in, unless the variable names another. */
export const CHECKOUT = process.env.LEFTFOLD_BENCH_CHECKOUT ?? join(import.meta.dirname, '..', '..');
