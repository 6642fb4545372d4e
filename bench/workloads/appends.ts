import { randomUUID } from 'node:crypto';
import type { NewEntry, OpenStore, Store, Target } from '../contract.js';
import { clocked, rateOf } from '../harness/clocked.js';
import { quantile } from '../harness/statistics.js';
import { checkLog } from './check-log.js';
import { entry } from './dataset.js';
import type { Figure, RowOfTable, Scale, Workload } from './workload.js';

/** The entries of one caller, one after the other. */
type Caller = () => NewEntry;

export const newStreamEach = (): Caller => () => entry(0, 1, randomUUID());

/** A stream of its own, with 100 events; then the next one. */
function hotStream(): Caller {
  let [id, version] = [randomUUID(), 0];
  return () => {
    if (version === 100) [id, version] = [randomUUID(), 0];
    return entry(0, ++version, id);
  };
}

async function measureAppends(
  open: OpenStore,
  target: Target,
  scale: Scale,
  callers: number,
  caller: () => Caller,
): Promise<Figure> {
  const store = await open(target);
  try {
    const before = await appendFor(store, scale.warmUp, callers, caller);
    let latencies: number[] = [];
    const time = await clocked(async () => {
      latencies = await appendFor(store, scale.time, callers, caller);
    });
    await checkLog(store, before.length + latencies.length);
    return { ...rateOf(latencies.length, time), p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
  } finally {
    await store.close();
  }
}

/** @param time in ms. @returns latencies of the acknowledged appends, in ms */
export async function appendFor(store: Store, time: number, callers: number, caller: () => Caller): Promise<number[]> {
  const latencies: number[] = [];
  const start = performance.now();
  const call = async (): Promise<void> => {
    const next = caller();
    for (let now = performance.now(); now - start < time;) {
      await store.append(next());
      const end = performance.now();
      latencies.push(end - now);
      now = end;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return latencies;
}

const CONTESTANTS = ['each', 'batched', 'leftfold', 'emmett', 'message-db'];
/** It has no appends of several callers at once: with one connection it acknowledges them before the commit. */
const ONE_CALLER = ['emmett-sqlite'];
const LIMIT = { contestant: 'batched' };

/** More callers must not make it slower. */
const BESIDE_32: RowOfTable = {
  key: 'W2-1000/32',
  title: '1,000 callers beside 32',
  unit: 'appends/s',
  limit: { contestant: 'self', row: 'W2' },
  goal: 1,
};

/** Appends for a while, and a check of the log. */
export function runAppends(id: string, callers: number, caller: () => Caller): Workload['run'] {
  return async (open, target, scale) => {
    const figure = await measureAppends(open, target, scale, callers, caller);
    return { [id]: figure, [BESIDE_32.key]: figure };
  };
}

function workload(id: string, title: string, callers: number, caller: () => Caller): Workload {
  const also = {
    words: 'p99 < 10 x p50',
    isMet: ({ p50 = 0, p99 = 0 }: Figure) => p99 < 10 * p50,
  };
  return {
    id,
    contestants: callers === 1 ? [...CONTESTANTS, ...ONE_CALLER] : CONTESTANTS,
    rows: [
      { key: id, title, unit: 'appends/s', limit: LIMIT, goal: 0.8, ...(callers === 1_000 ? { also } : {}) },
      ...(callers === 1_000 ? [BESIDE_32] : []),
    ],
    run: runAppends(id, callers, caller),
  };
}

export const APPENDS: readonly Workload[] = [
  workload('W1', 'append, 1 caller, new stream each', 1, newStreamEach),
  workload('W2', 'append, 32 callers, new stream each', 32, newStreamEach),
  workload('W2-1000', 'append, 1,000 callers, new stream each', 1_000, newStreamEach),
  workload('W3', '32 hot streams, 100 appends each in order', 32, hotStream),
];
