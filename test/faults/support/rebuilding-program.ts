import 'reflect-metadata';
import { CounterNode } from '../../kernel/counters/counter-node.js';
import { tallies } from '../../kernel/counters/tally-projection.js';
import { killRebuildAt, type RebuildKillPoint } from './rebuild-kill-points.js';

// rebuilding-program.js <log's URL> <read models' URL> <lease in ms> <version> [<point>]
// A program of this version of the tally, which counts every event as often as its version says. It runs until it is killed.
const [url, viewsUrl, leaseTtl, version, point] = process.argv.slice(2) as [string, string, string, string, string?];
if (point) killRebuildAt(point as RebuildKillPoint);
const kind = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
await CounterNode.start(
  { kind, url, viewsUrl, folder: '', drop: async () => undefined },
  { leaseTtl: Number(leaseTtl) },
  tallies({ version: Number(version), weigh: () => Number(version) }),
);
console.log('rebuilding');
