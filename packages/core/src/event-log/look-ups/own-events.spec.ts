import type { Outcome } from '../outcome.js';
import type { PreparedAppend } from '../prepared-append.js';
import { OwnEvents } from './own-events.js';
import { CHUNK } from './postings.js';

const REFUSED = { kind: 'refused' } as Outcome;

/** An append of one stream. */
function append(stream: string, count: number): PreparedAppend {
  const events = Array.from({ length: count }, (_, index) => ({
    type: `type-${index % 3}`,
    actor: `actor of ${stream}`,
    correlationId: `${stream} ${index}`,
  }));
  return { streams: [{ stream, events }], eventCount: count } as unknown as PreparedAppend;
}

function stored(position: number, repeated = false): Outcome {
  return { kind: 'stored', result: { position, repeated } } as Outcome;
}

function own(...stored_: [append: PreparedAppend, outcome: Outcome][]): OwnEvents {
  const events = new OwnEvents();
  for (const [each, outcome] of stored_) events.note([each], [outcome]);
  return events;
}

it('has the events of a chunk that this process has stored alone, once', () => {
  const events = own();
  const batch = [append('a', 1_000), append('b', 9), append('c', 500), append('d', 0), append('e', 600)];
  events.note(batch, [stored(1_000), REFUSED, stored(1_500), stored(7), stored(2_100)]);

  const chunk = events.take(0)!;
  expect(chunk.map(({ position }) => position)).toEqual(Array.from({ length: CHUNK }, (_, index) => index + 1));
  expect(chunk[999]).toEqual({
    position: 1_000,
    stream: 'a',
    type: 'type-0',
    actor: 'actor of a',
    correlationId: 'a 999',
  });
  expect(chunk[1_000]).toMatchObject({ stream: 'c', correlationId: 'c 0' });
  expect(events.take(0)).toBeUndefined();
  expect(events.take(1)!.at(-1)).toMatchObject({ position: 2 * CHUNK, stream: 'e' });
  expect(events.take(2)).toBeUndefined();
});

it.each<[string, OwnEvents]>([
  ['its first events are of another process', own([append('a', 1_000), stored(1_024)])],
  ['another process has stored between', own([append('a', 500), stored(500)], [append('b', 600), stored(1_101)])],
  ['a position is another one than before', own([append('a', 600), stored(600)], [append('b', 600), stored(1_100)])],
  ['a part was stored earlier', own([append('a', 500), stored(500)], [append('b', 600), stored(1_100, true)])],
  ['its end is not stored yet', own([append('a', 1_023), stored(1_023)])],
])('has no chunk when %s', (_, events) => {
  expect(events.take(0)).toBeUndefined();
});

it('has a chunk behind one that another process has filled', () => {
  const events = own([append('a', 2_000), stored(2_500)], [append('b', 2_000), stored(4_500)]);
  expect(events.take(2)).toHaveLength(CHUNK);
  expect(events.take(1)).toBeUndefined();
});

it('has nothing after it was told to forget', () => {
  const events = own([append('a', 500), stored(500)]);
  events.forget();
  events.note([append('b', 2_000)], [stored(2_500)]);
  expect(events.take(0)).toBeUndefined();
  expect(events.take(1)).toHaveLength(CHUNK);
});

it('keeps the last four chunks when nobody takes them', () => {
  const events = own([append('a', 3 * CHUNK), stored(3 * CHUNK)], [append('b', 2 * CHUNK), stored(5 * CHUNK)]);
  expect([0, 1, 2, 3, 4].map((chunk) => events.take(chunk)?.length)).toEqual([undefined, CHUNK, CHUNK, CHUNK, CHUNK]);
});
