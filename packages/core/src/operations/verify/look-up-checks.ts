import type { DataSource } from 'typeorm';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { select } from '../../databases/execute.js';
import {
  firstChunkOf,
  LEVELS,
  occurrencesIn,
  packedKeyOf,
  type StoredLookUp,
} from '../../event-log/look-ups/packed-postings.js';
import { CHUNK, FILLED_CHUNKS, type IndexedColumns, placesByKey } from '../../event-log/look-ups/postings.js';
import type { Findings } from './finding.js';

/** The number of chunks whose look-ups are filled. */
export async function readFilledChunks(events: DataSource): Promise<number> {
  const [row] = await select<{ chunks: number | string | null }>(
    events,
    `select max(${FILLED_CHUNKS}) as chunks from leftfold_event_log`,
    [],
  );
  return Number(row?.chunks ?? 0);
}

/**
 * Checks that the look-ups lack no event. What they have too much of does no harm: a reader compares the events that it
 * finds.
 */
export class LookUpChecks {
  constructor(
    private readonly events: DataSource,
    private readonly findings: Findings,
  ) {}

  async check(chunk: number): Promise<void> {
    const [after, upTo] = [chunk * CHUNK, (chunk + 1) * CHUNK];
    const events = await select<IndexedColumns>(
      this.events,
      `select e.position, e.stream, e.type, e.actor, e.correlation_id as "correlationId" from leftfold_events e
        where e.position > ? and e.position <= ? order by e.position`,
      [after, upTo],
    );
    let missing = placesByKey(events);
    for (const rowOf of rowsFor(chunk)) {
      if (missing.size === 0) return;
      const found = await this.read(missing.keys(), rowOf);
      missing = new Map([...missing].filter(([key, places]) => !hasAll(found.get(key), places)));
    }
    if (missing.size === 0) return;
    this.findings.add({
      check: 'look-ups',
      where: 'log',
      message:
        `The look-ups lack events of the positions ${after + 1} to ${upTo}, so reads with a filter miss them. ` +
        `Rebuild the look-ups.`,
      position: after + 1,
    });
  }

  /** The places in the chunk that are found, by key. */
  private async read(
    keys: Iterable<number>,
    { chunk, first, keyOf }: RowsOfChunk,
  ): Promise<ReadonlyMap<number, readonly number[]>> {
    const wanted = new Set(keys);
    const dialect = dialectOf(this.events);
    const rows = await select<StoredLookUp>(
      this.events,
      `select l.key, l.chunk, l.places from leftfold_look_ups l where ${dialect.isAnyOf('l.key')} and l.chunk = ?`,
      [dialect.list([...new Set([...wanted].map(keyOf))]), first],
    );
    const found = new Map<number, readonly number[]>();
    for (const { key, places } of occurrencesIn(rows, wanted, chunk, chunk)) {
      found.set(key, [...(found.get(key) ?? []), ...places]);
    }
    return found;
  }
}

function hasAll(found: readonly number[] | undefined, expected: readonly number[]): boolean {
  if (!found || found.length < expected.length) return false;
  const all = new Set(found);
  return expected.every((place) => all.has(place));
}

/** Where the keys of a chunk may be. */
interface RowsOfChunk {
  readonly chunk: number;
  /** The first chunk of the rows. */
  readonly first: number;
  readonly keyOf: (key: number) => number;
}

/** The rows of each level, from the lowest on: meanwhile some may be merged into the next one. Then those of one value. */
function rowsFor(chunk: number): RowsOfChunk[] {
  const packed = LEVELS.map((level) => ({
    chunk,
    first: firstChunkOf(level, chunk),
    keyOf: (key: number) => packedKeyOf(level, key),
  }));
  return [...packed, { chunk, first: chunk, keyOf: (key) => key }];
}
