import type { LogQueries, PositionRange } from '../log-queries.js';
import {
  firstChunkOf,
  LEVELS,
  type Occurrence,
  occurrencesIn,
  packedKeyOf,
  type StoredLookUp,
} from './packed-postings.js';
import { CHUNK, chunkOf, type PlaceTest, placeTest } from './postings.js';

const ROWS = 'select l.key, l.chunk, l.places from leftfold_look_ups l';
/** How many chunks that have a value the first step takes, and the most of a later one. */
const STEP = { first: 8, most: 512 };
/**
 * How many chunks the first step goes through at most, and how many times as many a later one may. It goes through as many as have
 * the value in enough chunks by what the last step found: a value in every chunk has long packed rows.
 */
const SPAN = { first: 256, growth: 64 };

/**
 * Walks along the look-ups: finds the positions of a range whose events have one of the keys of each criterion, in
 * order. A step reads a bounded number of rows, whatever it finds.
 */
export class PostingWalk implements AsyncIterable<number[]> {
  private step = STEP.first;
  private span = SPAN.first;
  private from: number;
  private to: number;

  /**
   * @param range positions that the look-ups have
   * @param criteria keys; the first one is walked, so it is the one that the fewest events are likely to have
   */
  constructor(
    private readonly queries: LogQueries,
    private readonly range: PositionRange,
    private readonly criteria: readonly (readonly number[])[],
    private readonly backwards: boolean,
  ) {
    this.from = chunkOf(range.after + 1);
    this.to = chunkOf(range.upTo);
  }

  /** Positions in the order of the walk, of one step after the other; a step may find none. */
  async *[Symbol.asyncIterator](): AsyncIterator<number[]> {
    while (this.from <= this.to) yield await this.next();
  }

  private async next(): Promise<number[]> {
    let found = await this.firstCriterion();
    for (const keys of this.criteria.slice(1)) {
      if (found.size === 0) break;
      found = passing(found, await this.testsOf([...found.keys()], keys));
    }
    const positions = [...found].flatMap(([chunk, places]) => [...places].map((place) => chunk * CHUNK + place + 1));
    const { after, upTo } = this.range;
    return positions
      .filter((position) => position > after && position <= upTo)
      .toSorted((one, other) => (this.backwards ? other - one : one - other));
  }

  /** The places of the first criterion in the next chunks, and moves on behind them. */
  private async firstCriterion(): Promise<Map<number, Set<number>>> {
    const keys = this.criteria[0]!;
    const { step, span, backwards } = this;
    this.step = Math.min(step * 4, STEP.most);
    const from = backwards ? Math.max(this.from, firstOf(span, this.to)) : this.from;
    const to = backwards ? this.to : Math.min(this.to, this.from + span - 1);
    let edge = backwards ? from : to;
    const rows: StoredLookUp[] = [];
    for (const [index, key] of keys.entries()) {
      const isLast = index === keys.length - 1;
      // The packed rows of all keys come with the last one, when it is known best where the step ends.
      const more = await this.rowsOf(key, backwards ? edge : from, backwards ? to : edge, step, isLast ? keys : []);
      rows.push(...more);
      const frequent = more.filter((row) => Number(row.key) === key).map(({ chunk }) => chunk);
      // There may be more behind the last one, so the step ends there for all keys.
      if (frequent.length < step) continue;
      edge = backwards ? Math.max(edge, Math.min(...frequent)) : Math.min(edge, Math.max(...frequent));
    }
    const [first, last] = backwards ? [edge, to] : [from, edge];
    const found = byChunk(occurrencesIn(rows, new Set(keys), first, last));
    const chunks = [...found.keys()].toSorted((one, other) => (backwards ? other - one : one - other));
    // A rare value may be in most chunks. The other criteria are read for those of one step.
    const isAlone = this.criteria.length === 1;
    const most = isAlone ? STEP.most : step;
    this.span = nextSpan(span, chunks.length / (last - first + 1), isAlone ? STEP.most : this.step);
    if (chunks.length > most) edge = chunks[most - 1]!;
    for (const chunk of chunks.slice(most)) found.delete(chunk);
    if (backwards) this.to = edge - 1;
    else this.from = edge + 1;
    return found;
  }

  /** The rows of a key as a frequent value in the first chunks of a range, and the packed rows of some keys in all of it. */
  private rowsOf(
    key: number,
    from: number,
    to: number,
    limit: number,
    packedKeys: readonly number[],
  ): Promise<StoredLookUp[]> {
    const packed = this.packedIn(packedKeys, from, to);
    return this.queries.query<StoredLookUp>(
      `select f.key, f.chunk, f.places from (${ROWS} where l.key = ? and l.chunk >= ? and l.chunk <= ?
        order by l.chunk ${this.backwards ? 'desc' : 'asc'} limit ?) f${packed.sql}`,
      [key, from, to, limit, ...packed.parameters],
    );
  }

  /** Whether an event has one of the keys, by chunk. Rows of frequent values are not taken apart: few of their events are asked for. */
  private async testsOf(chunks: readonly number[], keys: readonly number[]): Promise<Map<number, PlaceTest[]>> {
    const { dialect } = this.queries;
    const [first, last] = [Math.min(...chunks), Math.max(...chunks)];
    const packed = this.packedIn(keys, first, last);
    const rows = await this.queries.query<StoredLookUp>(
      `${ROWS} where ${dialect.isAnyOf('l.key')} and ${dialect.isAnyOf('l.chunk')}${packed.sql}`,
      [dialect.list(keys), dialect.list(chunks), ...packed.parameters],
    );
    const [own, others] = [rows.filter(({ key }) => Number(key) >= 0), rows.filter(({ key }) => Number(key) < 0)];
    const tests = new Map<number, PlaceTest[]>();
    const add = (chunk: number, test: PlaceTest): void => void tests.set(chunk, [...(tests.get(chunk) ?? []), test]);
    for (const { chunk, places } of own) add(chunk, placeTest(places));
    for (const { chunk, places } of occurrencesIn(others, new Set(keys), first, last)) {
      add(chunk, (place) => places.includes(place));
    }
    return tests;
  }

  /** The packed rows in which keys are, to be added to other rows. All levels in one statement: rows are merged meanwhile. */
  private packedIn(keys: readonly number[], from: number, to: number): { sql: string; parameters: readonly unknown[] } {
    if (keys.length === 0) return { sql: '', parameters: [] };
    const { dialect } = this.queries;
    return {
      sql: LEVELS.map(
        () => ` union all ${ROWS} where ${dialect.isAnyOf('l.key')} and l.chunk >= ? and l.chunk <= ?`,
      ).join(''),
      parameters: LEVELS.flatMap((level) => [
        dialect.list([...new Set(keys.map((key) => packedKeyOf(level, key)))]),
        firstChunkOf(level, from),
        to,
      ]),
    };
  }
}

function byChunk(found: Iterable<Occurrence>): Map<number, Set<number>> {
  const places = new Map<number, Set<number>>();
  for (const { chunk, places: here } of found) {
    const others = places.get(chunk);
    if (!others) places.set(chunk, new Set(here));
    else for (const place of here) others.add(place);
  }
  return places;
}

function passing(
  found: ReadonlyMap<number, ReadonlySet<number>>,
  tests: ReadonlyMap<number, readonly PlaceTest[]>,
): Map<number, Set<number>> {
  const passed = new Map<number, Set<number>>();
  for (const [chunk, places] of found) {
    const some = [...places].filter((place) => tests.get(chunk)?.some((test) => test(place)));
    if (some.length > 0) passed.set(chunk, new Set(some));
  }
  return passed;
}

/** Where a step ends that goes backwards. The first one leaves out the long rows of a run that it would only touch. */
function firstOf(span: number, to: number): number {
  const first = to - span + 1;
  return span === SPAN.first ? Math.max(first, firstChunkOf(LEVELS.at(-1)!, to)) : first;
}

/**
 * How many chunks the next step goes through.
 * @param density in which part of the chunks of the last step the value was found
 * @param wanted chunks with the value that the next step takes
 */
function nextSpan(span: number, density: number, wanted: number): number {
  const most = span * SPAN.growth;
  return density === 0 ? most : Math.max(SPAN.first, Math.min(most, Math.ceil(wanted / density)));
}
