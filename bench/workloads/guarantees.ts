import { newStreamEach, runAppends } from './appends.js';
import type { Workload } from './workload.js';

/** Contestants that are Leftfold with one guarantee more or less than usual. */
export const TRIALS: readonly string[] = ['no-sync', 'no-triggers', 'no-look-ups', 'command-ids'];

/** What each guarantee costs an append. */
export const GUARANTEES: Workload = {
  id: 'W15',
  contestants: ['leftfold', ...TRIALS],
  rows: [
    {
      key: 'W15',
      title: 'append, 32 callers, with a guarantee more or less',
      unit: 'appends/s',
      limit: { contestant: 'leftfold' },
    },
  ],
  onlyWhenNamed: true,
  run: runAppends('W15', 32, newStreamEach),
};
