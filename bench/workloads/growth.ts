import { WrongResultError } from '../contract.js';
import { clocked } from '../harness/clocked.js';
import { appendFor, newStreamEach } from './appends.js';
import { accountId, batches, entry } from './dataset.js';
import type { Figure, RowOfTable, Workload } from './workload.js';

/** Events in each stream. */
const DEPTH = 10;
/** A figure may become worse by this factor. */
const FACTOR = 1.5;

const sizesOf = (isQuick: boolean): readonly number[] =>
  isQuick ? [1_000, 3_000, 6_000] : [10_000, 1_000_000, 5_000_000];

const MEASURES = [
  { name: 'append', title: 'append, 32 callers', unit: 'appends/s' },
  { name: 'load', title: 'load of 10 events', unit: 'loads/s' },
  { name: 'actor', title: 'latest 50 events of an actor', unit: 'ms', isTime: true },
  { name: 'nothing', title: 'events of an actor and a type that have none in common', unit: 'ms', isTime: true },
  { name: 'start', title: 'start of the kernel', unit: 'ms', isTime: true },
];
const SIZES = ['small', 'middle', 'large'] as const;
const NAMES = { small: '10 thousand', middle: '1 million', large: '5 million' };

const keyOf = (name: string, size: string): string => `W11 ${name} ${size}`;

/** The same work on a log that grows. Every figure is compared with that of the smallest log. */
export const GROWTH: Workload = {
  id: 'W11',
  contestants: ['leftfold'],
  onlyWhenNamed: true,
  isOnce: true,
  rows: MEASURES.flatMap(({ name, title, ...unit }) =>
    SIZES.map((size): RowOfTable => ({
      key: keyOf(name, size),
      title: `${title}, at ${NAMES[size]} events`,
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
    let accounts = 0;
    for (const [index, size] of sizesOf(scale.isQuick).entries()) {
      const name = SIZES[index]!;
      const filling = await openLeftfold(target);
      for (; accounts * DEPTH < size; accounts += 100) {
        for (const entries of batches({ streams: 100, events: DEPTH }, accounts)) await filling.fill(entries);
      }
      await filling.close();

      const start = performance.now();
      const store = await openLeftfold(target);
      figures[keyOf('start', name)] = { value: performance.now() - start };
      const { log } = store;
      try {
        const head = await log.head();
        if (head < size) throw new WrongResultError(`the log has ${head} of ${size} events`);
        const loaded = Array.from({ length: 100 }, (_, each) => accountId((each * 7_919) % accounts));
        const loads = await clocked(async () => {
          for (const id of loaded) {
            const { version } = await store.load(id);
            if (version !== DEPTH) throw new WrongResultError(`an account has version ${version}, not ${DEPTH}`);
          }
        });
        figures[keyOf('load', name)] = { value: (loaded.length / loads.took) * 1_000 };
        const actor = entry(0, 1).metadata.actor;
        const some = await clocked(async () => {
          const { events } = await log.readBackwards({ actor, limit: 50 });
          if (events.some((event) => event.actor !== actor)) throw new WrongResultError('another actor was found');
        });
        figures[keyOf('actor', name)] = { value: some.took };
        const none = await clocked(async () => {
          const { events } = await log.readBackwards({ actor, types: ['accounts.never'], limit: 50 });
          if (events.length > 0) throw new WrongResultError('an event of a type that is not there was found');
        });
        figures[keyOf('nothing', name)] = { value: none.took };
        const latencies = await appendFor(store, scale.time, 32, newStreamEach);
        figures[keyOf('append', name)] = { value: (latencies.length / scale.time) * 1_000 };
      } finally {
        await store.close();
      }
    }
    return figures;
  },
};
