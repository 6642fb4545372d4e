import { randomUUID } from 'node:crypto';
import { ConcurrencyError, EventLogUnavailableError } from '../../../src/event-log/event-log.errors.js';
import type { EventLog } from '../../../src/event-log/event-log.js';
import { openLog } from '../../event-log/open-log.js';
import { type PlannedAppend, type Report, sendable } from './planned-append.js';
import { seedOf } from './seed.js';
import { writeLine } from '../../../src/conformance/write-line.js';

// appending-program.js <database URL>, with FAULTS_SEED set. It appends until it is killed.
const SHARED_STREAMS = Array.from({ length: 8 }, (_, index) => `shared-${index}`);
const WRITERS = 4;

const seed = seedOf('appending');
const { log } = await openLog(process.argv[2]!);
await Promise.all(Array.from({ length: WRITERS }, () => appendForEver(log)));

async function appendForEver(log: EventLog): Promise<never> {
  // No other writer uses it, so its version is known.
  const own = { stream: `own-${randomUUID()}`, version: 0 };
  for (;;) {
    const append = plan(own);
    say({ was: 'sent', append });
    const report = await send(log, append);
    say(report);
    if (report.was === 'stored') own.version = report.versions[own.stream] ?? own.version;
  }
}

function plan(own: { stream: string; version: number }): PlannedAppend {
  const id = randomUUID();
  const chance = seed.random();
  const events = (): number => seed.between(1, 4);
  const shared = seed.pick(SHARED_STREAMS);
  const others = SHARED_STREAMS.filter((each) => each !== shared);
  const streams =
    chance < 0.1
      ? [{ stream: shared, expected: 'no-stream' as const, events: events() }]
      : chance < 0.5
        ? [{ stream: shared, expected: 'any' as const, events: events() }]
        : [
            { stream: own.stream, expected: own.version, events: events() },
            ...(chance < 0.75 ? [{ stream: shared, expected: 'any' as const, events: events() }] : []),
            ...(chance < 0.65 ? [{ stream: seed.pick(others), expected: 'any' as const, events: events() }] : []),
          ];
  return { id, streams, ...(seed.random() < 0.5 ? { commandId: id } : {}) };
}

async function send(log: EventLog, append: PlannedAppend): Promise<Report> {
  const { id, commandId } = append;
  try {
    const { position, versions } = await log.append(sendable(append), commandId ? { commandId } : {});
    return { was: 'stored', id, position, versions };
  } catch (error) {
    if (error instanceof ConcurrencyError) return { was: 'refused', id };
    if (error instanceof EventLogUnavailableError) return { was: 'unknown', id };
    throw error;
  }
}

function say(report: Report): void {
  writeLine(JSON.stringify(report));
}
