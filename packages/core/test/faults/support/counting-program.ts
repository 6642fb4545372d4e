import 'reflect-metadata';
import { Retry, SideEffect } from '@leftfold/core';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { ALARM, alarm, CounterAlarm } from '../../counters/counter-alarm.js';
import { CounterNode } from '../../counters/counter-node.js';
import { CounterViewProjection, Interference } from '../../counters/counter-view.js';
import { RaiseCounterCommand } from '../../counters/counter.js';
import { type AlarmCall, noteAlarmCall } from './alarm-calls.js';
import { feature, type ProcessSettings } from './counting-settings.js';
import { killAt, needsSql, signalAt } from './kill-points.js';
import { shiftClock } from './shifted-clock.js';
import { seedOf } from './seed.js';

// counting-program.js <log's URL> <read models' URL> <folder> <settings as JSON>, with FAULTS_SEED set.
// It runs the subscriptions of the counters until SIGTERM. The alarm logs its calls in <folder>/calls. Files named
// <what>-<position> in the folder control it: `hold-view`, `hold-open-view` and `hold-effect` block a handler as long
// as they name this process or none; `abort-view` and `abort-effect` end the process; `throw-then-abort-effect` fails
// once and then ends it. With `failures`, handlers fail at random until a file `calm` is in the folder.
const [url, viewsUrl, folder, json] = process.argv.slice(2) as [string, string, string, string];
const settings = JSON.parse(json) as ProcessSettings;
const {
  leaseTtl,
  databaseLimits,
  attempts = 3,
  deaths,
  pause = 0,
  kill,
  signals = [],
  raises,
  failures = 0,
} = settings;
const seed = seedOf('counting');
const tried = new Set<number>();

const retry = { attempts, backoff: { first: 20, longest: 80 } };
Retry(deaths ? { ...retry, deaths: deaths.effect } : retry)(CounterAlarm);
if (deaths) Retry({ ...retry, deaths: deaths.view })(CounterViewProjection);
if (settings.shared) SideEffect({ name: ALARM, startAt: 'beginning' })(CounterAlarm);
if (settings.clockShift) shiftClock(settings.clockShift);
if (kill) killAt(kill.point, kill.nth);
for (const { point, signal } of signals) signalAt(point, signal);

const interference = new Interference();
interference.run = async (_event, { position }, rows) => {
  failByChance();
  if (isSteered('abort-view', position)) process.abort();
  if (isSteered('hold-open-view', position) || (kill && needsSql(kill.point))) await rows.manager();
  await held('hold-open-view', position);
  await held('hold-view', position);
};

alarm.before = async (call) => {
  const { position } = call;
  const note = (what: AlarmCall['what']): void => noteAlarmCall(folder, call, what);
  note('begun');
  if (pause > 0) await sleep(pause);
  await held('hold-effect', position);
  if (isSteered('abort-effect', position)) process.abort();
  if (isSteered('throw-then-abort-effect', position)) {
    if (isSteered('thrown', position)) process.abort();
    writeFileSync(fileOf('thrown', position), '');
    throw new Error('no answer');
  }
  const again = tried.has(position);
  tried.add(position);
  // Often enough for dead letters.
  failByChance(again ? 0.5 : failures);
  note('done');
};

const { imports, providers } = feature(settings, async (_event, { position }) => {
  failByChance();
  if (pause > 0 && position % 10 === 0) await sleep(pause);
  return settings.tally!;
});
const kind = url.startsWith('sqlite:') ? 'sqlite' : 'postgres';
const starting = CounterNode.start(
  { kind, url, viewsUrl, folder, drop: async () => undefined },
  // As many connections as in production.
  { leaseTtl, databaseLimits: { connections: 10, ...databaseLimits } },
  { imports, providers: [...providers, { provide: Interference, useValue: interference }] },
);
// It claims while it starts, and the signal may come with the claim.
process.once('SIGTERM', () => void starting.then((started) => started.stop()));
const node = await starting;
Logger.overrideLogger(new ConsoleLogger({ colors: false, logLevels: ['warn', 'error', 'fatal'] }));
console.log('counting');
if (raises) await raiseForEver(raises);

async function raiseForEver(counterIds: readonly string[]): Promise<never> {
  for (;;) {
    await node.commands.execute(new RaiseCounterCommand(seed.pick(counterIds), seed.between(1, 9)));
    await sleep(5);
  }
}

function failByChance(chance = failures): void {
  if (failures > 0 && seed.random() < chance && !existsSync(join(folder, 'calm'))) throw new Error('bad luck');
}

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
