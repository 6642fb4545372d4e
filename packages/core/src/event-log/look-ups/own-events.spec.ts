import type { Outcome } from '../outcome.js';
import type { PreparedAppend } from '../prepared-append.js';
import { OwnEvents } from './own-events.js';
import { CHUNK } from './postings.js';

const REFUSED = { kind: 'refused' } as Outcome;

/** An append of one stream. */
function append(stream: string, count: number): PreparedAppend {
  const events = Array.from({ length: count }, (_, index) => ({
    eventId: 'id',
    type: `type-${index % 3}`,
    actor: `actor of ${stream}`,
    correlationId: `${stream} ${index}`,
  }));
  return { streams: [{ stream, events }], eventCount: count } as unknown as PreparedAppend;
}

function stored(position: number, repeated = false): Outcome {
  return { kind: 'stored', result: { position, repeated } } as Outcome;
}

const take = (events: OwnEvents, chunk: number, idAtItsEnd = 'id') => events.take(chunk, async () => idAtItsEnd);

function own(...stored_: [append: PreparedAppend, outcome: Outcome][]): OwnEvents {
  const events = new OwnEvents();
  for (const [each, outcome] of stored_) events.note([each], [outcome]);
  return events;
}

it('has the events of a chunk that this process has stored alone, once', async () => {
  const events = own();
  const batch = [append('a', 1_000), append('b', 9), append('c', 500), append('d', 0), append('e', 600)];
  events.note(batch, [stored(1_000), REFUSED, stored(1_500), stored(7), stored(2_100)]);

  const chunk = (await take(events, 0))!;
  expect(chunk.map(({ position }) => position)).toEqual(Array.from({ length: CHUNK }, (_, index) => index + 1));
  expect(chunk[999]).toEqual({
    position: 1_000,
    stream: 'a',
    type: 'type-0',
    actor: 'actor of a',
    correlationId: 'a 999',
    eventId: 'id',
  });
  expect(chunk[1_000]).toMatchObject({ stream: 'c', correlationId: 'c 0' });
  expect(await take(events, 0)).toBeUndefined();
  expect((await take(events, 1))!.at(-1)).toMatchObject({ position: 2 * CHUNK, stream: 'e' });
  expect(await take(events, 2)).toBeUndefined();
});

it.each<[string, OwnEvents]>([
  ['its first events are of another process', own([append('a', 1_000), stored(1_024)])],
  ['another process has stored between', own([append('a', 500), stored(500)], [append('b', 600), stored(1_101)])],
  ['a position is another one than before', own([append('a', 600), stored(600)], [append('b', 600), stored(1_100)])],
  ['a part was stored earlier', own([append('a', 500), stored(500)], [append('b', 600), stored(1_100, true)])],
  ['its end is not stored yet', own([append('a', 1_023), stored(1_023)])],
])('has no chunk when %s', async (_, events) => {
  expect(await take(events, 0)).toBeUndefined();
});

it('has a chunk behind one that another process has filled', async () => {
  const events = own([append('a', 2_000), stored(2_500)], [append('b', 2_000), stored(4_500)]);
  expect(await take(events, 2)).toHaveLength(CHUNK);
  expect(await take(events, 1)).toBeUndefined();
});

it('has nothing after it was told to forget', async () => {
  const events = own([append('a', 500), stored(500)]);
  events.forget();
  events.note([append('b', 2_000)], [stored(2_500)]);
  expect(await take(events, 0)).toBeUndefined();
  expect(await take(events, 1)).toHaveLength(CHUNK);
});

it('keeps the last four chunks when nobody takes them', async () => {
  const events = own([append('a', 3 * CHUNK), stored(3 * CHUNK)], [append('b', 2 * CHUNK), stored(5 * CHUNK)]);
  const lengths: (number | undefined)[] = [];
  for (const chunk of [0, 1, 2, 3, 4]) lengths.push((await take(events, chunk))?.length);
  expect(lengths).toEqual([undefined, CHUNK, CHUNK, CHUNK, CHUNK]);
});

it('has no chunk when another event is stored at its end, as after a restore from a backup', async () => {
  const events = own([append('a', 3 * CHUNK), stored(3 * CHUNK)]);
  expect(await take(events, 0, 'other')).toBeUndefined();
  expect(await take(events, 1)).toHaveLength(CHUNK);
});
