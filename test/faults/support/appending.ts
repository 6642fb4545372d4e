import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { ConcurrencyError, EventLogUnavailableError } from '../../../src/event-sourcing/event-log/event-log.errors.js';
import type { EventLog, ExpectedVersion, StreamAppend } from '../../../src/event-sourcing/event-log/event-log.js';
import type { Seed } from './seed.js';

const SHARED_STREAMS = Array.from({ length: 8 }, (_, index) => `shared-${index}`);
const WRITERS = 4;

/** One append, in words that fit on a line. */
export interface PlannedAppend {
  readonly id: string;
  readonly streams: readonly { readonly stream: string; readonly expected: ExpectedVersion; readonly events: number }[];
  readonly commandId?: string;
}

/** What a process of appends says: at once and whole, so what was said before a kill has been said. */
export type Report =
  | { readonly was: 'sent'; readonly append: PlannedAppend }
  | {
      readonly was: 'stored';
      readonly id: string;
      readonly position: number;
      readonly versions: Readonly<Record<string, number>>;
    }
  | { readonly was: 'refused' | 'unknown'; readonly id: string };

/** Appends until somebody ends the process. */
export async function appendForEver(log: EventLog, seed: Seed): Promise<void> {
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      // Nobody else writes to it, so its version is known.
      const own = { stream: `own-${randomUUID()}`, version: 0 };
      for (;;) {
        const append = plan(seed, own);
        say({ was: 'sent', append });
        const report = await send(log, append);
        say(report);
        if (report.was === 'stored') own.version = report.versions[own.stream] ?? own.version;
      }
    }),
  );
}

export function sendable({ id, streams }: PlannedAppend): StreamAppend[] {
  const of = streams.reduce((sum, each) => sum + each.events, 0);
  return streams.map(({ stream, expected, events }) => ({
    stream,
    expected,
    events: Array.from({ length: events }, () => ({
      type: 'faults.happened',
      data: { append: id, of },
      tags: [{ name: 'append', value: id }],
    })),
  }));
}

function plan(seed: Seed, own: { stream: string; version: number }): PlannedAppend {
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
  writeSync(1, `${JSON.stringify(report)}\n`);
}
