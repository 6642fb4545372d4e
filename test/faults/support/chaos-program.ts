import 'reflect-metadata';
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { Retry } from '../../../src/event-sourcing/index.js';
import { alarm, CounterAlarm } from '../../kernel/counters/counter-alarm.js';
import { CounterNode } from '../../kernel/counters/counter-node.js';
import { interference } from '../../kernel/counters/counter-view.js';
import { tallies } from '../../kernel/counters/tally-projection.js';
import { seedOf } from './seed.js';

// chaos-program.js <log's URL> <read models' URL> <folder> <lease in ms>, with FAULTS_SEED set.
// Its handlers fail 2 % of the time, and the alarm every other time at an event that it has failed at, until a file `calm`
// is in the folder. What the alarm did is told by lines in <folder>/calls. It runs until SIGTERM.
const [url, viewsUrl, folder, leaseTtl] = process.argv.slice(2) as [string, string, string, string];
const seed = seedOf('chaos');
const FAILING = 0.02;

const failedAt = new Set<number>();

const failAtTimes = (chance = FAILING): void => {
  if (seed.random() < chance && !existsSync(join(folder, 'calm'))) throw new Error('bad luck');
};

Retry({ attempts: 2, backoff: { first: 20, longest: 200 } })(CounterAlarm);
interference.run = () => failAtTimes();
alarm.before = ({ counterId, position }) => {
  const chance = failedAt.has(position) ? 0.5 : FAILING;
  failedAt.add(position);
  failAtTimes(chance);
  appendFileSync(join(folder, 'calls'), `${process.pid} ${position} counter-${counterId} done ${Date.now()}\n`);
};

const { imports, providers } = tallies({
  weigh: () => {
    failAtTimes();
    return 1;
  },
});
const kind = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
const node = await CounterNode.start(
  { kind, url, viewsUrl, folder, drop: async () => undefined },
  { leaseTtl: Number(leaseTtl) },
  { imports, providers: [...(providers ?? []), CounterAlarm] },
);
Logger.overrideLogger(new ConsoleLogger({ colors: false, logLevels: ['warn', 'error', 'fatal'] }));
process.once('SIGTERM', () => void node.stop());
console.log('in chaos');
