import type { RecordedEvent } from '@leftfold/core';
import { type Target, WrongResultError } from '../contract.js';
import { clocked } from '../harness/clocked.js';
import { quantile } from '../harness/statistics.js';
import { OTHER_TYPE } from '../leftfold/generate.js';
import type { LeftfoldStore } from '../leftfold/leftfold-store.js';
import { appendFor, newStreamEach } from './appends.js';
import { accountId, entry, totalOf } from './dataset.js';
import type { Figure, RowOfTable, Scale, Workload } from './workload.js';

/** Events in each stream. */
const DEPTH = 10;
/** A figure may become worse by this factor. */
const FACTOR = 1.5;

const MEASURES = [
  { name: 'append', title: 'append, 32 callers', unit: 'appends/s' },
  { name: 'load', title: 'load of 10 events', unit: 'loads/s' },
  { name: 'actor', title: 'latest 50 events of an actor', unit: 'ms', isTime: true },
  { name: 'nothing', title: 'events of an actor and a type that have none in common', unit: 'ms', isTime: true },
  { name: 'start', title: 'start of the kernel', unit: 'ms', isTime: true },
];
const SIZES = ['small', 'middle', 'large'] as const;
const NAMES = { small: 'the first size', middle: 'the second size', large: 'the third size' };

const keyOf = (name: string, size: string): string => `W11 ${name} ${size}`;

/** The same work on a log that grows. Every figure is compared with that of the smallest log. */
export const GROWTH: Workload = {
  id: 'W11',
  contestants: ['leftfold'],
  onlyWhenNamed: true,
  isInQuick: true,
  isOnce: true,
  rows: MEASURES.flatMap(({ name, title, ...unit }) =>
    SIZES.map((size): RowOfTable => ({
      key: keyOf(name, size),
      title: `${title}, at ${NAMES[size]}`,
      ...unit,
      ...(size === 'small'
        ? {}
        : {
            limit: { contestant: 'self', row: keyOf(name, 'small') },
            goal: unit.isTime ? FACTOR : Number((1 / FACTOR).toFixed(2)),
          }),
    })),
  ),
  run: async (_, target, scale) => {
    const { openLeftfold } = await import('../leftfold/leftfold-store.js');
    const figures: Record<string, Figure> = {};
    let [generated, others] = [0, 0];
    for (const [index, size] of scale.growth.entries()) {
      const name = SIZES[index]!;
      await grow(target, { from: generated, to: size, others });
      generated = size;
      const start = performance.now();
      const store = await openLeftfold(target);
      figures[keyOf('start', name)] = { value: performance.now() - start };
      try {
        const head = await store.log.head();
        if (head !== size + others) throw new WrongResultError(`the log has ${head} events, not ${size + others}`);
        Object.assign(figures, await measure(store, name, size, scale));
        others = (await store.log.head()) - size;
      } finally {
        await store.close();
      }
    }
    return figures;
  },
};

/** Fills the log up to a size, with the look-ups, as a node does that has had the time. */
async function grow(target: Target, range: { from: number; to: number; others: number }): Promise<void> {
  const [{ startKernel }, { generate }, { LookUpRebuild }] = await Promise.all([
    import('../leftfold/kernel.js'),
    import('../leftfold/generate.js'),
    import('@leftfold/core'),
  ]);
  const options = { runSubscriptions: false };
  // It makes the tables.
  if (range.from === 0) await (await startKernel(target, options)).close();
  await generate(target, { ...range, depth: DEPTH });
  const app = await startKernel(target, options);
  await app.get(LookUpRebuild, { strict: false }).run();
  await app.close();
}

async function measure(
  store: LeftfoldStore,
  name: string,
  size: number,
  scale: Scale,
): Promise<Record<string, Figure>> {
  const { log } = store;
  // 100 loads took 5 ms, and less than a garbage collection.
  const accounts = Array.from({ length: 2_000 }, (_, each) => 2 * ((each * 7_919) % Math.floor(size / DEPTH / 2)));
  const loads = await clocked(async () => {
    for (const account of accounts) {
      const { version, total } = await store.load(accountId(account));
      if (version !== DEPTH || total !== totalOf(account, DEPTH)) {
        throw new WrongResultError(`account ${account} has version ${version} and total ${total}`);
      }
    }
  });
  const { actor } = entry(0, 1).metadata;
  const read = async (filter: { types?: string[] }): Promise<[RecordedEvent[], Figure]> => {
    const times: number[] = [];
    let events: RecordedEvent[] = [];
    for (let time = 0; time < 5; time++) {
      const { took } = await clocked(
        async () => ({ events } = await log.readBackwards({ actor, ...filter, limit: 50 })),
      );
      times.push(took);
    }
    return [events, { value: quantile(times, 0.5) }];
  };
  const [found, some] = await read({});
  const least = Math.min(50, DEPTH * Math.ceil(size / DEPTH / 500));
  if (found.length < least || found.some((event) => event.actor !== actor)) {
    throw new WrongResultError(`${found.length} events were found of the actor, or of another one`);
  }
  const [unwanted, none] = await read({ types: [OTHER_TYPE] });
  if (unwanted.length > 0) throw new WrongResultError('an event was found whose actor has none of its type');
  const latencies = await appendFor(store, scale.time, 32, newStreamEach);
  return {
    [keyOf('load', name)]: { value: (accounts.length / loads.took) * 1_000 },
    [keyOf('actor', name)]: some,
    [keyOf('nothing', name)]: none,
    [keyOf('append', name)]: { value: (latencies.length / scale.time) * 1_000 },
  };
}
