import fc from 'fast-check';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { EventsAhead } from './events-ahead.js';
import type { Attempt } from './handler-attempts.js';

const DONE: Attempt<never> = { consequences: [] };
const FAILED: Attempt<never> = { failure: { message: 'no', stack: null } };

function eventsOf(streams: readonly string[]): RecordedEvent[] {
  return streams.map((stream, index) => ({ stream, position: index + 1 }) as RecordedEvent);
}

/** Attempts that end when they are told to. */
function attempts() {
  const open = new Map<number, (outcome: Attempt<never>) => void>();
  return {
    open,
    attempt: ({ position }: RecordedEvent) => new Promise<Attempt<never>>((resolve) => open.set(position, resolve)),
    end: async (position: number, outcome = DONE): Promise<void> => {
      open.get(position)!(outcome);
      open.delete(position);
      await new Promise(setImmediate);
    },
  };
}

const always = () => true;

it('tries events of different streams at the same time, and those of one stream in order', async () => {
  const { open, attempt, end } = attempts();
  const ahead = new EventsAhead(eventsOf(['a', 'a', 'b', 'c']), 3, attempt, always);

  const first = ahead.outcomeOf(0);
  await new Promise(setImmediate);
  expect([...open.keys()]).toEqual([1, 3]);
  await end(3);
  expect([...open.keys()]).toEqual([1]);
  await end(1);
  expect([...open.keys()]).toEqual([2]);
  expect(await first).toBe(DONE);
});

it('does not try the later events of a stream when one of them fails', async () => {
  const { open, attempt, end } = attempts();
  const ahead = new EventsAhead(eventsOf(['a', 'a', 'a', 'b']), 4, attempt, always);

  void ahead.outcomeOf(0);
  await end(1, FAILED);
  expect([...open.keys()]).toEqual([4]);
  await end(4);
  expect(await Promise.all([0, 1, 2, 3].map((index) => ahead.outcomeOf(index)))).toEqual([
    FAILED,
    { notTried: true },
    { notTried: true },
    DONE,
  ]);
});

it('starts no further events once it has stopped, except those that are asked for', async () => {
  const { open, attempt } = attempts();
  const ahead = new EventsAhead(eventsOf(['a', 'b', 'c', 'd']), 2, attempt, always);

  void ahead.outcomeOf(0);
  ahead.stop();
  void ahead.outcomeOf(1);
  expect({ started: ahead.started, open: [...open.keys()] }).toEqual({ started: 2, open: [1, 2] });
  void ahead.outcomeOf(2);
  expect([...open.keys()]).toEqual([1, 2, 3]);
});

it('never tries more at once than allowed, nor two of one stream, in whatever order they end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 6 }),
      fc.scheduler(),
      async (streams, concurrency, scheduler) => {
        const running: RecordedEvent[] = [];
        const order = new Map<string, number[]>();
        const attempt = async (event: RecordedEvent): Promise<Attempt<never>> => {
          expect(running.map(({ stream }) => stream)).not.toContain(event.stream);
          running.push(event);
          expect(running.length).toBeLessThanOrEqual(concurrency);
          order.set(event.stream, [...(order.get(event.stream) ?? []), event.position]);
          await scheduler.schedule(Promise.resolve());
          running.splice(running.indexOf(event), 1);
          return DONE;
        };
        const events = eventsOf(streams);
        const ahead = new EventsAhead(events, concurrency, attempt, always);
        const taken = (async () => {
          for (const index of events.keys()) expect(await ahead.outcomeOf(index)).toBe(DONE);
        })();
        await scheduler.waitFor(taken);
        for (const [stream, positions] of order) {
          expect(positions).toEqual(events.filter((event) => event.stream === stream).map(({ position }) => position));
        }
      },
    ),
  );
});
