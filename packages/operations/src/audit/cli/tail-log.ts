import { type EventFilter, EventLog, EventRegistry, LogFollower, type RecordedEvent } from '@leftfold/core';
import { eventItem } from '@leftfold/http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import type { CommandLine } from '../../cli/command-line.js';
import { EventLines } from './event-lines.js';

export interface TailOptions {
  readonly follow?: boolean;
  readonly limit?: number;
  readonly after?: number;
  readonly type?: string;
  readonly category?: string;
  readonly actor?: string;
  readonly correlationId?: string;
  readonly from?: Date;
  readonly to?: Date;
  readonly json?: boolean;
}

type Print = (events: readonly RecordedEvent[]) => void;

const LAST = 20;
const PAGE = 500;

export async function tailLog(cli: CommandLine, options: TailOptions): Promise<void> {
  const lines = new EventLines();
  const print: Print = (events) => {
    const texts = options.json ? events.map((event) => JSON.stringify(wholeEvent(event))) : lines.of(events);
    for (const text of texts) cli.output.line(text);
  };
  await cli.open(async (app) => {
    if (options.after === undefined) await printLast(app, options, print, cli.signal);
    else await printAfter(app, options.after, options, print, cli.signal);
  });
}

async function printLast(
  app: INestApplicationContext,
  options: TailOptions,
  print: Print,
  signal: AbortSignal,
): Promise<void> {
  const log = app.get(EventLog);
  // Read before the events: an event after both positions is still to come, so none is shown twice.
  const head = await log.head();
  const { events } = await log.readBackwards({ ...filterOf(options, app), limit: options.limit ?? LAST });
  print(events.toReversed());
  if (!options.follow) return;
  const after = Math.max(head, events[0]?.position ?? 0);
  for await (const slice of app.get(LogFollower).follow({ ...filterOf(options, app), after, signal }))
    print(slice.events);
}

/** The fields of the API, and what it leaves out: a program that reads the log gets all that is stored. */
function wholeEvent(event: RecordedEvent): object {
  const { eventId, schemaVersion, metadata } = event;
  return Object.assign(eventItem(event), { eventId, schemaVersion, metadata });
}

/** All events after the position, or as many as the limit allows, in order. */
async function printAfter(
  app: INestApplicationContext,
  after: number,
  options: TailOptions,
  print: Print,
  signal: AbortSignal,
): Promise<void> {
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  const slices = options.follow
    ? app.get(LogFollower).follow({ ...filterOf(options, app), after, signal })
    : readToHead(app.get(EventLog), after, filterOf(options, app), () => Math.min(left, PAGE), signal);
  for await (const { events } of slices) {
    print(events.slice(0, left));
    left -= events.length;
    if (left <= 0) return;
  }
}

async function* readToHead(
  log: EventLog,
  after: number,
  filter: EventFilter,
  limit: () => number,
  signal: AbortSignal,
): AsyncGenerator<{ readonly events: RecordedEvent[] }> {
  for (let position = after; ;) {
    const slice = await log.readAll({ ...filter, after: position, limit: limit() });
    yield slice;
    if (slice.upTo <= position) return;
    position = slice.upTo;
    // SQLite answers without yielding to the event loop. Yield here, so that Ctrl-C is handled.
    await nextTurn();
    signal.throwIfAborted();
  }
}

/** A type stands for all names under which events of its class are stored. */
function filterOf(
  { type, category, actor, correlationId, from, to }: TailOptions,
  app: INestApplicationContext,
): EventFilter {
  return {
    ...(type === undefined ? {} : { types: app.get(EventRegistry).namesOf(type) }),
    ...(category === undefined ? {} : { category }),
    ...(actor === undefined ? {} : { actor }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
