import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { writeLine } from '../../../src/conformance/write-line.js';
import { type EventClass, EventLog, Subscriptions } from '../../../src/index.js';
import { EFFECT, storeThing, things } from '../../builds/things.js';
import { bootKernel } from '../../counters/counter-node.js';

const STREAMS = 16;
/** Appends at the same time. */
const WRITERS = 4;
/** Most events that wait for the side effect: a slow machine stores more slowly, too. */
const WAITING = 200;

/**
 * Runs a build on the databases of the command line: <log's URL> <read models' URL>. It stores events until SIGUSR2, and
 * again after SIGHUP; it handles events until SIGTERM, and prints each call of a side effect.
 * @param events those that it knows
 * @param types what it stores, in turn
 */
export async function runBuild(events: readonly EventClass[], types: readonly string[]): Promise<void> {
  const [url, viewsUrl] = process.argv.slice(2) as [string, string];
  const database = { kind: 'postgres', url, viewsUrl, folder: '', drop: async () => undefined } as const;
  const options = { leaseTtl: 2_000, restartPause: { first: 50, longest: 100 } };
  const note = (handled: object): void => writeLine(`handled ${JSON.stringify(handled)}`);
  const node = await bootKernel(database, options, things(events, note));
  Logger.overrideLogger(new ConsoleLogger({ colors: false, logLevels: ['warn', 'error', 'fatal'] }));
  let storing = new AbortController();
  process.on('SIGUSR2', () => storing.abort());
  process.once('SIGTERM', () => void node.close());
  writeLine('ready');
  const log = node.get(EventLog);
  let next = 0;
  const mayGoOn = async (position: number): Promise<boolean> => {
    const effect = await node.get(Subscriptions).get(EFFECT);
    return position - effect.position < WAITING || storing.signal.aborted;
  };
  const write = async (): Promise<void> => {
    while (!storing.signal.aborted) {
      const turn = next++;
      const position = await storeThing(log, `${turn % STREAMS}`, types[turn % types.length]!);
      do await sleep(10);
      while (!(await mayGoOn(position)));
    }
  };
  const store = async (): Promise<void> => {
    storing = new AbortController();
    await Promise.all(Array.from({ length: WRITERS }, write));
    writeLine('has stored all');
  };
  process.on('SIGHUP', () => void store());
  await store();
}
