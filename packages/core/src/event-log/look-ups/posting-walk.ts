import type { LogQueries, PositionRange } from '../log-queries.js';
import { CHUNK, chunkOf, decodePlaces } from './postings.js';

interface Row {
  readonly key: number | string;
  readonly chunk: number;
  readonly places: string;
}

/** How many chunks the first step takes, and the most of a later one. */
const STEP = { first: 3, most: 512 };

/**
 * Walks along the look-ups: finds the positions of a range whose events have one of the keys of each criterion, in
 * order. A step reads a bounded number of rows, whatever it finds.
 */
export class PostingWalk implements AsyncIterable<number[]> {
  private step = STEP.first;
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
      found = common(found, byChunk(await this.rowsIn([...found.keys()], keys)));
    }
    const positions = [...found].flatMap(([chunk, places]) => [...places].map((place) => chunk * CHUNK + place + 1));
    const { after, upTo } = this.range;
    return positions
      .filter((position) => position > after && position <= upTo)
      .toSorted((one, other) => (this.backwards ? other - one : one - other));
  }

  /** The places of the first criterion in the next chunks, and moves on behind them. */
  private async firstCriterion(): Promise<Map<number, Set<number>>> {
    const [keys] = this.criteria;
    const { step, backwards } = this;
    this.step = Math.min(step * 4, STEP.most);
    let edge = backwards ? this.from : this.to;
    const rows: Row[] = [];
    for (const key of keys!) {
      const more = await this.queries.query<Row>(
        `select l.key, l.chunk, l.places from leftfold_look_ups l where l.key = ? and l.chunk >= ? and l.chunk <= ?
          order by l.chunk ${backwards ? 'desc' : 'asc'} limit ?`,
        [key, this.from, this.to, step],
      );
      rows.push(...more);
      // There may be more behind the last one, so the step ends there for all keys.
      if (more.length === step) edge = (backwards ? Math.max : Math.min)(edge, more.at(-1)!.chunk);
    }
    if (backwards) this.to = edge - 1;
    else this.from = edge + 1;
    return byChunk(rows.filter(({ chunk }) => (backwards ? chunk >= edge : chunk <= edge)));
  }

  private rowsIn(chunks: readonly number[], keys: readonly number[]): Promise<Row[]> {
    const { dialect } = this.queries;
    return this.queries.query<Row>(
      `select l.key, l.chunk, l.places from leftfold_look_ups l
        where ${dialect.isAnyOf('l.key')} and ${dialect.isAnyOf('l.chunk')}`,
      [dialect.list(keys), dialect.list(chunks)],
    );
  }
}

function byChunk(rows: readonly Row[]): Map<number, Set<number>> {
  const found = new Map<number, Set<number>>();
  for (const { chunk, places } of rows) {
    const others = found.get(chunk);
    const here = decodePlaces(places);
    if (!others) found.set(chunk, new Set(here));
    else for (const place of here) others.add(place);
  }
  return found;
}

function common(one: Map<number, Set<number>>, other: Map<number, Set<number>>): Map<number, Set<number>> {
  const both = new Map<number, Set<number>>();
  for (const [chunk, places] of one) {
    const shared = [...places].filter((place) => other.get(chunk)?.has(place));
    if (shared.length > 0) both.set(chunk, new Set(shared));
  }
  return both;
}
