import type { PositionRange } from '../log-queries.js';
import type { ChunkPostings } from './chunk-postings.js';
import { CHUNK, chunkOf } from './postings.js';

/** The chunks behind those that are stored, one after the other. Never changes. */
export class RecentChunks {
  constructor(
    /** Number of the first chunk. */
    readonly first: number,
    readonly chunks: readonly ChunkPostings[] = [],
  ) {}

  /** Number of the chunk behind the last one. */
  get next(): number {
    return this.first + this.chunks.length;
  }

  /** The look-ups are stored up to this position. */
  get after(): number {
    return this.first * CHUNK;
  }

  /** The last position that is in one of the chunks. */
  get upTo(): number {
    return this.next * CHUNK;
  }

  with(chunk: ChunkPostings): RecentChunks {
    return new RecentChunks(this.first, [...this.chunks, chunk]);
  }

  /** Without the chunks before this one. */
  from(first: number): RecentChunks {
    return new RecentChunks(first, this.chunks.slice(first - this.first));
  }

  /**
   * Positions whose events have one of the keys of each criterion, in order, about a thousand at a time.
   * @param range positions that are in the chunks
   */
  *walk(
    { after, upTo }: PositionRange,
    criteria: readonly (readonly number[])[],
    backwards: boolean,
  ): Generator<number[]> {
    const inRange = this.chunks.slice(chunkOf(after + 1) - this.first, chunkOf(upTo) + 1 - this.first);
    let found: number[] = [];
    for (const chunk of backwards ? inRange.toReversed() : inRange) {
      const places = placesIn(chunk, criteria).toSorted((one, other) => (backwards ? other - one : one - other));
      for (const place of places) {
        const position = chunk.chunk * CHUNK + place + 1;
        if (position > after && position <= upTo) found.push(position);
      }
      if (found.length < CHUNK) continue;
      yield found;
      found = [];
    }
    yield found;
  }
}

/** What is looked up in memory. A reader takes `current` once, and is not concerned by what is stored meanwhile. */
export class RecentPostings {
  current = new RecentChunks(0);
}

function placesIn(chunk: ChunkPostings, criteria: readonly (readonly number[])[]): number[] {
  const [first, ...others] = criteria.map((keys) => new Set(keys.flatMap((key) => [...chunk.placesOf(key)])));
  return [...first!].filter((place) => others.every((each) => each.has(place)));
}
