import 'reflect-metadata';
import { CounterNode } from '../../kernel/counters/counter-node.js';
import { RaiseCounterCommand } from '../../kernel/counters/counter.js';
import { type KillPoint, killAt } from './kill-points.js';
import { seedOf } from './seed.js';

// projecting-program.js <log's URL> <read models' URL> <lease in ms> <counter ids> [<point> <nth>], with FAULTS_SEED set.
// It never ends by itself: it projects, and raises counters without a pause when no point is named.
const [url, viewsUrl, leaseTtl, ids, point, nth] = process.argv.slice(2);
if (point) killAt(point as KillPoint, Number(nth));
const kind = url!.startsWith('sqlite:') ? 'sqlite' : 'postgres';
const node = await CounterNode.start(
  { kind, url: url!, viewsUrl: viewsUrl!, folder: '', drop: async () => undefined },
  { leaseTtl: Number(leaseTtl) },
);
console.log('projecting');

const seed = seedOf('projecting');
const raise = async (): Promise<void> => {
  for (;;) await node.commands.execute(new RaiseCounterCommand(seed.pick(ids!.split(',')), seed.between(1, 9)));
};
if (!point) await Promise.all([raise(), raise(), raise()]);
