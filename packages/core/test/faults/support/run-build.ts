import { ConsoleLogger, Logger } from '@nestjs/common';
import { writeLine } from '../../../src/conformance/write-line.js';
import { type EventClass, EventLog } from '../../../src/index.js';
import { storeThing, things } from '../../builds/things.js';
import { bootKernel } from '../../counters/counter-node.js';

const STREAMS = 16;
/** Appends at the same time. */
const WRITERS = 4;

/**
 * Runs a build on the databases of the command line: <log's URL> <read models' URL>. It stores events until SIGUSR2, handles
 * events until SIGTERM, and prints each call of a side effect.
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
  const storing = new AbortController();
  process.once('SIGUSR2', () => storing.abort());
  process.once('SIGTERM', () => void node.close());
  writeLine('ready');
  let next = 0;
  const write = async (): Promise<void> => {
    while (!storing.signal.aborted) {
      const turn = next++;
      await storeThing(node.get(EventLog), `${turn % STREAMS}`, types[turn % types.length]!);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  writeLine('has stored all');
}
