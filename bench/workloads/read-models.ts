import type { KeyedBy } from '../contract.js';
import { clocked, rateOf } from '../harness/clocked.js';
import { checkReadModel, checkRows } from './check-read-model.js';
import type { Part } from './dataset.js';
import type { Scale, Workload } from './workload.js';

const part = ({ isQuick }: Scale): Part => ({ streams: 1_000, events: isQuick ? 10 : 200 });
const CONTESTANTS = ['batched', 'leftfold', 'emmett', 'emmett-sqlite'];
const DATA: Workload['data'] = { name: 'read-models', parts: (scale) => [part(scale)], readModels: true };

function catchingUp(id: string, by: KeyedBy, title: string): Workload {
  return {
    id,
    contestants: CONTESTANTS,
    rows: [{ key: id, title, unit: 'events/s', limit: { contestant: 'batched' }, goal: 0.6 }],
    data: DATA,
    writes: true,
    run: async (open, target, scale) => {
      const store = await open(target, { readModels: true });
      try {
        const time = await clocked(() => store.catchUp!(by, head(scale)));
        await checkReadModel(store, by, part(scale));
        return { [id]: rateOf(head(scale), time) };
      } finally {
        await store.close();
      }
    },
  };
}

const REBUILD: Workload = {
  id: 'W6r',
  contestants: ['batched', 'leftfold'],
  rows: [
    {
      key: 'W6r',
      title: 'rebuild of (a) while the old rows serve',
      unit: 'events/s',
      limit: { contestant: 'batched' },
      goal: 0.5,
    },
  ],
  data: DATA,
  writes: true,
  run: async (open, target, scale) => {
    const store = await open(target, { readModels: true });
    try {
      await store.catchUp!('stream', head(scale));
      const time = await clocked(() => store.rebuild!(head(scale)));
      checkRows(await store.rows!('stream'), 'stream', part(scale));
      return { W6r: rateOf(head(scale), time) };
    } finally {
      await store.close();
    }
  },
};

export const READ_MODELS: readonly Workload[] = [
  catchingUp('W6a', 'stream', 'read model of 200,000 events, by the id of the stream'),
  catchingUp('W6b', 'field', 'the same, by another field with 5,000 values'),
  catchingUp('W6c', 'composite', 'the same, by a composite key'),
  REBUILD,
];

function head(scale: Scale): number {
  const { streams, events } = part(scale);
  return streams * events;
}
