import { randomUUID } from 'node:crypto';
import type { EventLog, NewEvent, ReadStreamOptions, StreamAppend } from '../event-log/event-log.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { Tag } from '../events/tags.js';

export const SAMPLE_TYPE = 'samples.sample-made';

export function anEvent(fields: Partial<NewEvent> = {}): NewEvent {
  return { type: SAMPLE_TYPE, data: { note: 'a sample' }, ...fields };
}

export function someEvents(count: number, fields: Partial<NewEvent> = {}): NewEvent[] {
  return Array.from({ length: count }, (_, index) => anEvent({ data: { index }, ...fields }));
}

/** A stream name that no other test uses. */
export function aStream(category = 'sample'): string {
  return `${category}-${randomUUID()}`;
}

export function aTag(name = 'email'): Tag {
  return { name, value: `${randomUUID()}@example.com` };
}

/** One append to one stream, at any version. */
export function toStream(stream: string, ...events: NewEvent[]): StreamAppend[] {
  return [{ stream, expected: 'any', events: events.length > 0 ? events : [anEvent()] }];
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

export async function versionsOf(log: EventLog, stream: string, options?: ReadStreamOptions): Promise<number[]> {
  return (await all(log.readStream(stream, options))).map((event) => event.version);
}

/** Reads everything after a position, in slices of an uneven size. */
export async function everythingAfter(log: EventLog, start: number): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let after = start; ;) {
    const slice = await log.readAll({ after, limit: 97 });
    if (slice.upTo === after) return events;
    events.push(...slice.events);
    after = slice.upTo;
  }
}

/** Settles many appends: returns the results and the errors. */
export async function settled<T>(promises: readonly Promise<T>[]): Promise<{ results: T[]; errors: unknown[] }> {
  const outcomes = await Promise.allSettled(promises);
  return {
    results: outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
    errors: outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : [])),
  };
}

export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Waits for a condition, up to the test's time limit. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}
