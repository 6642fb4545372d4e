import fc from 'fast-check';
import { ChunkPostings } from './chunk-postings.js';
import { CHUNK, decodePlaces, KEYS } from './postings.js';
import { RecentChunks } from './recent-postings.js';

/** Keys of the criteria are few, so that events share them. */
const SOME_KEYS = [0, 1, 2 ** 32, KEYS - 1];

const chunkOfPlaces = fc
  .array(fc.tuple(fc.constantFrom(...SOME_KEYS), fc.uniqueArray(fc.nat({ max: CHUNK - 1 }), { minLength: 1 })))
  .map((entries) => new Map(entries.map(([key, places]) => [key, places.toSorted((one, other) => one - other)])));

describe('postings in memory', () => {
  it('of a chunk give the places of a key, and each key once in parts', () => {
    const postings = new ChunkPostings(
      7,
      new Map([
        [KEYS - 1, [1023]],
        [0, [0, 5]],
        [12, [3]],
      ]),
    );
    expect([0, 12, KEYS - 1, 1].map((key) => [...postings.placesOf(key)])).toEqual([[0, 5], [3], [1023], []]);
    const parts = [0, 1, 2].map((part) => postings.between((KEYS * part) / 3, (KEYS * (part + 1)) / 3));
    expect(parts.map((part) => part.map(({ key, places }) => [key, decodePlaces(places)]))).toEqual([
      [
        [0, [0, 5]],
        [12, [3]],
      ],
      [],
      [[KEYS - 1, [1023]]],
    ]);
  });

  it('find what a search through all events finds, in order', () => {
    const criteria = fc.array(fc.subarray(SOME_KEYS, { minLength: 1 }), { minLength: 1, maxLength: 3 });
    const bounds = fc.tuple(fc.nat({ max: 4 * CHUNK - 1 }), fc.integer({ min: 1, max: 4 * CHUNK }));
    fc.assert(
      fc.property(
        fc.tuple(...Array.from({ length: 4 }, () => chunkOfPlaces)),
        criteria,
        bounds,
        fc.boolean(),
        (...all) => {
          const [chunks, keys, [one, other], backwards] = all;
          const first = 3;
          const recent = chunks.reduce(
            (before, placesOf) => before.with(new ChunkPostings(before.next, placesOf)),
            new RecentChunks(first),
          );
          const range = {
            after: recent.after + Math.min(one, other - 1),
            upTo: recent.after + Math.max(one + 1, other),
          };
          const expected: number[] = [];
          for (let position = range.after + 1; position <= range.upTo; position++) {
            const [chunk, place] = [Math.floor((position - 1) / CHUNK) - first, (position - 1) % CHUNK];
            const has = (key: number): boolean => chunks[chunk]!.get(key)?.includes(place) ?? false;
            if (keys.every((each) => each.some(has))) expected.push(position);
          }
          const found = [...recent.walk(range, keys, backwards)].flat();
          expect(found).toEqual(backwards ? expected.toReversed() : expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('are let go from the first on, and what a reader has taken stays', () => {
    const taken = [0, 1, 2].reduce(
      (before, chunk) => before.with(new ChunkPostings(chunk, new Map([[9, [chunk]]]))),
      new RecentChunks(0),
    );
    const left = taken.from(2);
    expect([left.after, left.upTo, left.chunks.length, taken.chunks.length]).toEqual([2 * CHUNK, 3 * CHUNK, 1, 3]);
    expect([...left.walk({ after: 2 * CHUNK, upTo: 3 * CHUNK }, [[9]], false)].flat()).toEqual([2 * CHUNK + 3]);
    expect([...taken.walk({ after: 0, upTo: 3 * CHUNK }, [[9]], false)].flat()).toEqual([1, CHUNK + 2, 2 * CHUNK + 3]);
  });
});
