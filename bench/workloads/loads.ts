import { type Account, type Store, WrongResultError } from '../contract.js';
import { clocked, rateOf } from '../harness/clocked.js';
import { accountId, type Part, totalOf } from './dataset.js';
import type { Figure, Scale, Workload } from './workload.js';

/** Events that are loaded before time is taken: enough for the engine to compile what a service runs all day. */
const WARM_UP = 20_000;

/**
 * How often each aggregate is loaded again, before time is taken and meanwhile. Leftfold keeps what is loaded for the second time.
 * Then the engine's memory for young objects grows for some 1,000 loads, which take 1.5 times as long as all later ones.
 */
const AGAIN = { before: 20, timed: 40 };

const parts = ({ isQuick }: Scale): readonly [long: Part, short: Part] => [
  { streams: warmUpOf(1_000) + (isQuick ? 10 : 200), events: 1_000 },
  { streams: warmUpOf(10) + (isQuick ? 200 : 10_000), events: 10 },
];

function warmUpOf(events: number): number {
  return WARM_UP / events;
}

const LIMIT = 'batched';

/** Loads of aggregates that this process has not loaded before, and of some of them again. */
export const LOADS: Workload = {
  id: 'W4',
  contestants: [LIMIT, 'leftfold', 'emmett', 'emmett-sqlite', 'message-db'],
  rows: [1_000, 10].flatMap((events) => [
    {
      key: `W4 ${events}`,
      title: `load of ${events.toLocaleString('en')} events, without a snapshot`,
      unit: 'loads/s',
      limit: { contestant: LIMIT },
      goal: 0.7,
    },
    {
      key: `W4c ${events}`,
      title: `the same aggregates again (${events.toLocaleString('en')} events)`,
      unit: 'loads/s',
      limit: { contestant: 'self', row: `W4 ${events}` },
      goal: 10,
    },
  ]),
  data: { name: 'loads', parts },
  run: async (open, target, scale) => {
    const store = await open(target);
    try {
      const [long, short] = parts(scale);
      return {
        ...(await measure(store, long, 0, 50)),
        ...(await measure(store, short, long.streams, 500)),
      };
    } finally {
      await store.close();
    }
  },
};

async function measure(store: Store, part: Part, first: number, again: number): Promise<Record<string, Figure>> {
  const accounts = Array.from({ length: part.streams }, (_, index) => first + index);
  const warmUp = warmUpOf(part.events);
  await loadAll(store, accounts.slice(0, warmUp), part.events);
  const cold = accounts.slice(warmUp);
  const last = cold.slice(-again);
  const once = await loadAll(store, cold, part.events);
  await loadAll(store, repeated(last, AGAIN.before), part.events);
  return {
    [`W4 ${part.events}`]: once,
    [`W4c ${part.events}`]: await loadAll(store, repeated(last, AGAIN.timed), part.events),
  };
}

function repeated<T>(list: readonly T[], times: number): T[] {
  return Array.from({ length: times }, () => list).flat();
}

/** One after the other. */
async function loadAll(store: Store, accounts: readonly number[], events: number): Promise<Figure> {
  const loaded: Account[] = [];
  const time = await clocked(async () => {
    for (const account of accounts) loaded.push(await store.load!(accountId(account)));
  });
  for (const [index, { version, total }] of loaded.entries()) {
    const right = totalOf(accounts[index]!, events);
    if (version !== events || total !== right) {
      throw new WrongResultError(`a load gave version ${version} and total ${total}, not ${events} and ${right}`);
    }
  }
  return rateOf(accounts.length, time);
}
