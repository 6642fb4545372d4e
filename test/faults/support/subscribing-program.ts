import 'reflect-metadata';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { Retry } from '../../../src/event-sourcing/index.js';
import { alarm, CounterAlarm, CounterGreeter } from '../../kernel/counters/counter-alarm.js';
import { CounterNode } from '../../kernel/counters/counter-node.js';
import { CounterViewProjection, interference } from '../../kernel/counters/counter-view.js';
import type { SubscribingSettings } from './subscribing.js';

// subscribing-program.js <log's URL> <read models' URL> <folder> <settings as JSON>
// It runs a read model and side effects until SIGTERM. What the alarm does is told by lines in <folder>/calls. Files named
// <what>-<position> in the folder steer it: `hold-view`, `hold-open-view` and `hold-effect` keep a handler waiting as long
// as they name this process or nobody; `abort-view` and `abort-effect` end the process; `throw-then-abort-effect` fails
// once before it does.
const [url, viewsUrl, folder, settings] = process.argv.slice(2) as [string, string, string, string];
const { leaseTtl, deaths, pause = 0 } = JSON.parse(settings) as SubscribingSettings;
if (deaths) {
  Retry({ attempts: 3, backoff: { first: 20, longest: 80 }, deaths: deaths.effect })(CounterAlarm);
  Retry({ attempts: 3, backoff: { first: 20, longest: 80 }, deaths: deaths.view })(CounterViewProjection);
}

interference.run = async (_event, { position }, rows) => {
  if (isSteered('abort-view', position)) process.abort();
  if (isSteered('hold-open-view', position)) await rows.manager();
  await held('hold-open-view', position);
  await held('hold-view', position);
};

alarm.before = async ({ counterId, position }) => {
  const note = (what: string): void =>
    appendFileSync(join(folder, 'calls'), `${process.pid} ${position} counter-${counterId} ${what} ${Date.now()}\n`);
  note('begun');
  if (pause > 0) await sleep(pause);
  await held('hold-effect', position);
  if (isSteered('abort-effect', position)) process.abort();
  if (isSteered('throw-then-abort-effect', position)) {
    if (isSteered('thrown', position)) process.abort();
    writeFileSync(fileOf('thrown', position), '');
    throw new Error('no answer');
  }
  note('done');
};

const kind = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
const node = await CounterNode.start(
  { kind, url, viewsUrl, folder, drop: async () => undefined },
  { leaseTtl },
  { providers: [CounterAlarm, CounterGreeter] },
);
Logger.overrideLogger(new ConsoleLogger({ colors: false, logLevels: ['warn', 'error', 'fatal'] }));
process.once('SIGTERM', () => void node.stop());
console.log('subscribing');

async function held(what: string, position: number): Promise<void> {
  if (!isHeld(what, position)) return;
  console.log(`held by ${what}-${position}`);
  while (isHeld(what, position)) await sleep(10);
}

function isHeld(what: string, position: number): boolean {
  if (!isSteered(what, position)) return false;
  const pids = readFileSync(fileOf(what, position), 'utf8');
  return pids === '' || pids.split(' ').includes(String(process.pid));
}

function isSteered(what: string, position: number): boolean {
  return existsSync(fileOf(what, position));
}

function fileOf(what: string, position: number): string {
  return join(folder, `${what}-${position}`);
}
