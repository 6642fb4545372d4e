import type { Target } from '../contract.js';
import { appendFor, newStreamEach } from '../workloads/appends.js';
import { openLeftfold } from './leftfold-store.js';

interface Order {
  readonly target: Target;
  readonly callers: number;
  readonly warmUp: number;
  readonly time: number;
}

const { target, callers, warmUp, time } = JSON.parse(process.argv[2] ?? '{}') as Order;
const store = await openLeftfold(target);
const before = await appendFor(store, warmUp, callers, newStreamEach);
process.once('disconnect', () => process.exit(0));
process.once('message', () => void measure());
process.send?.('ready');

async function measure(): Promise<void> {
  const latencies = await appendFor(store, time, callers, newStreamEach);
  await store.close();
  process.send?.({ appended: latencies.length, before: before.length }, () => process.exit(0));
}
