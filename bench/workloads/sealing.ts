import { clocked, rateOf } from '../harness/clocked.js';
import { WrongResultError } from '../contract.js';
import { appendFor, newStreamEach } from './appends.js';
import type { Workload } from './workload.js';

const CALLERS = 32;
/** The longest that the last seal may need, in ms. */
const SEAL_LIMIT = 60_000;

/** The log is sealed after the commit, by the same process: the append path must not be slower for it. */
export const SEALING: Workload = {
  id: 'W14',
  contestants: ['leftfold'],
  rows: [
    { key: 'W14-plain', title: 'append, 32 callers, not sealed', unit: 'appends/s' },
    {
      key: 'W14',
      title: 'append, 32 callers, sealed',
      unit: 'appends/s',
      limit: { contestant: 'self', row: 'W14-plain' },
      goal: 0.9,
    },
  ],
  run: async (_, target, scale) => {
    const { openSealed } = await import('../leftfold/sealed-store.js');
    const measure = async (isSealed: boolean) => {
      const store = await openSealed(target, isSealed);
      try {
        await appendFor(store, scale.warmUp, CALLERS, newStreamEach);
        let appended = 0;
        const time = await clocked(async () => {
          appended = (await appendFor(store, scale.time, CALLERS, newStreamEach)).length;
        });
        const head = await store.log.head();
        if (isSealed && !(await store.isSealedTo(head, SEAL_LIMIT))) {
          throw new WrongResultError(`position ${head} is under no checkpoint`);
        }
        return rateOf(appended, time);
      } finally {
        await store.close();
      }
    };
    return { 'W14-plain': await measure(false), W14: await measure(true) };
  },
};
