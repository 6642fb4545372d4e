import { setTimeout as delay } from 'node:timers/promises';
import { WrongResultError } from '../contract.js';
import { quantile } from '../harness/statistics.js';
import { accountId, entry } from './dataset.js';
import type { Workload } from './workload.js';

/** A node that has nothing to do gets one event now and then. */
export const IDLE: Workload = {
  id: 'W8',
  contestants: ['leftfold'],
  rows: [
    {
      key: 'W8',
      title: 'idle: append to row visible',
      unit: 'ms',
      isTime: true,
      also: { words: 'p50 < 10 ms, p99 < 40 ms', isMet: ({ p50 = 0, p99 = 0 }) => p50 < 10 && p99 < 40 },
    },
  ],
  run: async (_, target, { isQuick }) => {
    const { openLeftfold } = await import('../leftfold/leftfold-store.js');
    const store = await openLeftfold(target, { readModels: true });
    const times: number[] = [];
    try {
      const count = isQuick ? 20 : 200;
      for (let account = 0; account < count; account++) {
        // Nothing is waited for here: the pause makes the node idle, for a time that follows no timer of its own.
        await delay(20 + ((account * 37) % 60));
        const start = performance.now();
        const position = await store.appendAt(entry(account, 1));
        await store.waitFor('stream', position);
        times.push(performance.now() - start);
      }
      const rows = await store.rows('stream');
      const keys = new Set(rows.map(({ key }) => key));
      for (let account = 0; account < count; account++) {
        if (!keys.has(accountId(account))) throw new WrongResultError(`account ${account} has no row`);
      }
    } finally {
      await store.close();
    }
    return { W8: { value: quantile(times, 0.5), p50: quantile(times, 0.5), p99: quantile(times, 0.99) } };
  },
};
