import fc from 'fast-check';
import {
  firstChunkOf,
  joined,
  LEVELS,
  type LookUpRow,
  merged,
  type Merge,
  mergeDueAt,
  type Occurrence,
  occurrencesIn,
  packedKeyOf,
  rowsOf,
} from './packed-postings.js';
import { CHUNK, KEYS } from './postings.js';

const aKey = fc.integer({ min: 0, max: KEYS - 1 });
const somePlaces = fc
  .uniqueArray(fc.nat({ max: CHUNK - 1 }), { minLength: 1, maxLength: 8 })
  .map((places) => places.toSorted((one, other) => one - other));

/** The rows of a table, by key and chunk, as the database keeps them. */
class Table {
  readonly rows = new Map<string, LookUpRow>();

  store(rows: readonly LookUpRow[]): void {
    for (const row of rows) {
      const there = this.rows.get(`${row.key} ${row.chunk}`);
      this.rows.set(`${row.key} ${row.chunk}`, there && row.key < 0 ? joined(row, there) : row);
    }
  }

  merge({ level, keys, before }: Merge): void {
    const due = [...this.rows.values()].filter(
      ({ key, chunk }) => keys.from <= key && key <= keys.to && chunk < before,
    );
    for (const { key, chunk } of due) this.rows.delete(`${key} ${chunk}`);
    for (const rows of merged(level, due).values()) this.store(rows);
  }

  /** The chunks in which a read finds a key. */
  find(wanted: number, from: number, to: number): number[] {
    const first = new Map([[wanted, from], ...LEVELS.map((level) => [packedKeyOf(level, wanted), firstChunkOf(level, from)] as const)]); // prettier-ignore
    const rows = [...this.rows.values()].filter(
      ({ key, chunk }) => chunk >= (first.get(key) ?? Infinity) && chunk <= to,
    );
    const found = [...occurrencesIn(rows, new Set([wanted]), from, to)];
    return found.map(({ chunk }) => chunk).toSorted((one, other) => one - other);
  }
}

/** The places of a key, whether they are in one row or in several. */
function placesOf(key: number, found: Iterable<Occurrence>): number[] {
  return [...found].flatMap((each) => (each.key === key ? each.places : [])).toSorted((one, other) => one - other);
}

it('keeps each place of each key of a chunk', () => {
  fc.assert(
    fc.property(fc.dictionary(aKey.map(String), somePlaces), fc.nat({ max: 100_000 }), (dictionary, chunk) => {
      const placesByKey = new Map(Object.entries(dictionary).map(([key, places]) => [Number(key), places]));
      const found = [...occurrencesIn(rowsOf(chunk, placesByKey), new Set(placesByKey.keys()), chunk, chunk)];
      expect(new Set(found.map((each) => each.chunk))).toEqual(new Set(placesByKey.size > 0 ? [chunk] : []));
      for (const [key, places] of placesByKey) expect(placesOf(key, found)).toEqual(places);
    }),
  );
});

it('gives a key a row of its own from the fourth event of a chunk on', () => {
  const [three, four] = [7, 2 ** 47];
  const rows = rowsOf(3, new Map([[three, [1, 2, 3]], [four, [1, 2, 3, 4]]])); // prettier-ignore
  expect(rows.map(({ key }) => key)).toEqual([-1, four]);
});

it('is stored, so rows never change', () => {
  const [first, last] = [1, KEYS - 1];
  const rows = rowsOf(64 * 64 + 65, new Map([[first, [0]], [last, [5, 1023]]])); // prettier-ignore
  expect(rows).toEqual([
    { key: -32, chunk: 4161, places: '////////AAAF////////AAP/' },
    { key: -1, chunk: 4161, places: 'AAAAAAABAAAA' },
  ]);
  expect(merged(0, rows)).toEqual(
    new Map([
      [
        4160,
        [
          { key: -32 - 2048, chunk: 4160, places: '////////AAQF////////AAf/' },
          { key: -33, chunk: 4160, places: 'AAAAAAABAAQA' },
        ],
      ],
    ]),
  );
  expect([0, 1, 2].map((level) => [packedKeyOf(level, last), firstChunkOf(level, 4161)])).toEqual([
    [-32, 4161],
    [-32 - 2048, 4160],
    [-32 - 2048 - 131_072, 4096],
  ]);
});

it('merges each run of 64 chunks, and each of 4,096, and finds all of it at any time', () => {
  const table = new Table();
  const chunksOf = new Map<number, number[]>();
  const chunks = 4_096 + 64 + 5;
  let [levels, seed] = [new Set<number>(), 1];
  const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const some = Array.from({ length: 40 }, () => random(2 ** 24) * 2 ** 24);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const keys = [...new Set([some[random(40)]!, some[random(40)]!])];
    for (const key of keys) chunksOf.set(key, [...(chunksOf.get(key) ?? []), chunk]);
    table.store(rowsOf(chunk, new Map(keys.map((key) => [key, [chunk % CHUNK]]))));
    const due = mergeDueAt(chunk + 1);
    // A process that dies leaves a step out, of each level.
    if (due && chunk !== 64 && chunk !== 4_096 + 5) table.merge(due);
    if (due) levels = levels.add(due.level);
    if (chunk % 511 > 0 && chunk < chunks - 8) continue;
    for (const key of some.slice(0, 5)) {
      const stored = chunksOf.get(key) ?? [];
      expect(table.find(key, 0, chunk)).toEqual(stored);
      expect(table.find(key, chunk >> 1, chunk - 3)).toEqual(
        stored.filter((each) => each >= chunk >> 1 && each <= chunk - 3),
      );
    }
  }
  expect(levels).toEqual(new Set([0, 1]));
  // What was left out in one run is merged in the next, so only the last chunks, and the last run, are not merged.
  const unmerged = [...table.rows.values()].filter(({ key }) => key >= -32 && key < 0);
  expect(Math.min(...unmerged.map(({ chunk }) => chunk))).toBe(4_096 + 64);
});

it('goes through all rows of a run in its steps, and each row once', () => {
  const stepsIn = (from: number, to: number, level: number): Merge[] =>
    Array.from({ length: to - from }, (_, index) => mergeDueAt(from + index)!).filter((due) => due?.level === level);
  const lower = stepsIn(128, 192, 0);
  expect(lower.map(({ keys }) => [keys.to, keys.from])).toEqual([[-1, -8], [-9, -16], [-17, -24], [-25, -32]]); // prettier-ignore
  expect(new Set(lower.map(({ before }) => before))).toEqual(new Set([128]));
  const upper = stepsIn(4_096, 8_192, 1);
  expect(upper).toHaveLength(256);
  expect(upper[0]!.keys).toEqual({ from: -40, to: -33 });
  expect(upper.at(-1)!.keys.from).toBe(-32 - 2_048);
  expect(upper.every(({ keys }, index) => index === 0 || keys.to === upper[index - 1]!.keys.from - 1)).toBe(true);
  expect(mergeDueAt(63)).toBeUndefined();
  expect(mergeDueAt(68)).toBeUndefined();
});

it('joins two rows without doubles', () => {
  const rows = (...places: [number, number[]][]): LookUpRow => rowsOf(9, new Map(places))[0]!;
  const both = joined(rows([1, [1, 2]], [2, [3]]), rows([1, [2, 4]], [3, [3]]));
  const found = [...occurrencesIn([both], new Set([1, 2, 3]), 9, 9)];
  expect([1, 2, 3].map((key) => placesOf(key, found))).toEqual([[1, 2, 4], [3], [3]]);
});
