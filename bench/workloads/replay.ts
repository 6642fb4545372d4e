import { WrongResultError } from '../contract.js';
import { clocked, rateOf } from '../harness/clocked.js';
import { checkLog } from './check-log.js';
import { type Part, totalOf } from './dataset.js';
import type { Scale, Workload } from './workload.js';

const part = ({ isQuick }: Scale): Part => ({ streams: 1_000, events: isQuick ? 20 : 1_000 });

export const REPLAY: Workload = {
  id: 'W5',
  contestants: ['batched', 'leftfold', 'emmett', 'emmett-sqlite', 'message-db'],
  rows: [
    {
      key: 'W5',
      title: 'replay of 1,000,000 events with data and metadata',
      unit: 'events/s',
      limit: { contestant: 'batched' },
      goal: 0.7,
      also: { words: 'resident memory < 300 MB', isMet: ({ memory = 0 }) => memory < 300 },
    },
  ],
  data: { name: 'replay', parts: (scale) => [part(scale)] },
  run: async (open, target, scale) => {
    const store = await open(target);
    const { streams, events } = part(scale);
    try {
      let sum = 0;
      const time = await clocked(async () => {
        sum = await checkLog(store, streams * events);
      });
      const memory = process.resourceUsage().maxRSS / 1_024;
      if (sum !== sumOf(part(scale))) throw new WrongResultError(`the amounts add up to ${sum}`);
      return { W5: { ...rateOf(streams * events, time), memory } };
    } finally {
      await store.close();
    }
  },
};

function sumOf({ streams, events }: Part): number {
  let sum = 0;
  for (let account = 0; account < streams; account++) sum += totalOf(account, events);
  return sum;
}
