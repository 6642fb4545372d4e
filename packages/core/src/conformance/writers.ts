import { randomUUID } from 'node:crypto';
import { EventLogUnavailableError } from '../event-log/event-log.errors.js';
import type { EventLog, NewEvent, StreamAppend } from '../event-log/event-log.js';
import { seededRandom } from '../testing/random.js';
import { writeLine } from './write-line.js';

/** The harness makes the database refuse events of this stream. */
export const FAULTY_STREAM = 'writers-faulty';
export const WRITER_TYPES = ['writers.ticked', 'writers.tocked'];
const STREAMS = Array.from({ length: 6 }, (_, index) => `writers-${index}`);
const WRITERS = 2;

/** `unknown`: the log did not answer. */
export type WriterOutcome = 'stored' | 'refused' | 'unknown';

/**
 * Work of one process in the tailing test. Two writers append to streams that all processes share, with right and wrong
 * expected versions, and sometimes to a stream that the database refuses. Each outcome is printed at once, with the id
 * that the append's events carry.
 */
export async function runWriters(log: EventLog, seed: number, appends: number): Promise<void> {
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const random = seededRandom(seed * WRITERS + writer);
      for (let turn = 0; turn < appends; turn++) {
        const append = randomUUID();
        const options = random() < 0.3 ? { commandId: append } : {};
        const outcome = await log.append(someAppend(append, random), options).then(
          () => 'stored' as const,
          (error) => (error instanceof EventLogUnavailableError ? ('unknown' as const) : ('refused' as const)),
        );
        say(outcome, append);
      }
    }),
  );
}

function someAppend(append: string, random: () => number): StreamAppend[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const of = 1 + Math.floor(random() * 5);
  const events: NewEvent[] = Array.from({ length: of }, () => ({ type: pick(WRITER_TYPES), data: { append, of } }));
  const first = pick(STREAMS);
  const kind = random();
  if (kind < 0.1) return [{ stream: first, expected: 'no-stream', events }];
  if (kind < 0.2) return [{ stream: first, expected: Math.floor(random() * 50), events }];
  const second = kind < 0.35 ? FAULTY_STREAM : pick(STREAMS.filter((each) => each !== first));
  return [
    { stream: first, expected: 'any', events: events.slice(1) },
    { stream: second, expected: 'any', events: events.slice(0, 1) },
  ];
}

function say(outcome: WriterOutcome, append: string): void {
  writeLine(`${outcome} ${append}`);
}
