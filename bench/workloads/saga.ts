import { setTimeout as delay } from 'node:timers/promises';
import { WrongResultError } from '../contract.js';
import { clocked, rateOf } from '../harness/clocked.js';
import { batches } from './dataset.js';
import type { Workload } from './workload.js';

/** Each event leads to one command, which appends one event to a new stream. */
export const SAGA: Workload = {
  id: 'W7',
  contestants: ['leftfold'],
  rows: [
    {
      key: 'W7',
      title: 'a saga: 20,000 events, one command each, executed',
      unit: 'commands/s',
      limit: { contestant: 'each', row: 'W2' },
    },
  ],
  run: async (_, target, { isQuick }) => {
    const [{ startKernel }, { LeftfoldStore }, { LEDGER, LEDGER_SAGA }, { Subscriptions }] = await Promise.all([
      import('../leftfold/kernel.js'),
      import('../leftfold/leftfold-store.js'),
      import('../leftfold/ledger-saga.js'),
      import('@leftfold/core'),
    ]);
    const part = { streams: 1_000, events: isQuick ? 1 : 20 };
    const count = part.streams * part.events;
    const store = new LeftfoldStore(await startKernel(target, {}, { extra: LEDGER }));
    try {
      const subscriptions = store.get(Subscriptions);
      await subscriptions.pause(LEDGER_SAGA);
      for (const entries of batches(part)) await store.fill(entries);
      const time = await clocked(async () => {
        await subscriptions.resume(LEDGER_SAGA);
        while ((await store.log.head()) < 2 * count) await delay(25);
      });
      const payments = new Set<string>();
      for (let after = count; after < 2 * count;) {
        const { events, upTo } = await store.log.readAll({ after, limit: 1_000 });
        for (const { stream } of events) payments.add(stream);
        after = upTo;
      }
      if (payments.size !== count) throw new WrongResultError(`${payments.size} of ${count} commands were executed`);
      return { W7: rateOf(count, time) };
    } finally {
      await store.close();
    }
  },
};
