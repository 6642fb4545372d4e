import 'reflect-metadata';
import { TypeOrmEventLog } from '../../../src/event-log/typeorm-event-log.js';
import { MovableClock } from '../../../src/testing/movable-clock.js';
import { bootKernel } from '../../counters/counter-node.js';
import { beforeRun, recordedJobs } from './recorded-jobs.js';

/** What a process has to do. */
export interface RecurringWork {
  /** How far its clock is ahead, in ms. */
  readonly ahead: number;
  /** Where it kills itself: when a run is due and not executed, or when it is stored and not answered. */
  readonly dies: 'before the run' | 'after the commit';
}

// recurring-program.js <log's URL> <read models' URL> <work as JSON>
// It runs jobs until it kills itself.
const [url, viewsUrl, json] = process.argv.slice(2) as [string, string, string];
const { ahead, dies } = JSON.parse(json) as RecurringWork;
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  // No further code may run while the signal is under way.
  for (;;);
};

if (dies === 'before the run') beforeRun.call = die;
if (dies === 'after the commit') {
  const append = Object.getOwnPropertyDescriptor(TypeOrmEventLog.prototype, 'append')!
    .value as TypeOrmEventLog['append'];
  TypeOrmEventLog.prototype.append = async function dieAfterwards(this: TypeOrmEventLog, ...given) {
    await append.apply(this, given);
    return die();
  };
}

const clock = new MovableClock();
clock.moveOn(ahead);
const kind = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
const database = { kind, url, viewsUrl, folder: '', drop: async () => undefined } as const;
await bootKernel(database, { scheduleClock: clock, leaseTtl: 300 }, recordedJobs());
