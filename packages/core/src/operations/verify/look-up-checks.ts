import type { DataSource } from 'typeorm';
import { dialectOf } from '../../databases/dialects/dialect-of.js';
import { select } from '../../databases/execute.js';
import { CHUNK, decodePlaces, type IndexedColumns, postingsOf } from '../../event-log/look-ups/postings.js';
import type { Findings } from './finding.js';

/** The number of chunks whose look-ups are filled. */
export async function readFilledChunks(events: DataSource): Promise<number> {
  const [row] = await select<{ chunks: number | string | null }>(
    events,
    'select max(look_up_chunks) as chunks from leftfold_event_log',
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
    const expected = postingsOf(events);
    const stored = await this.readPlaces(
      chunk,
      expected.map(({ key }) => key),
    );
    if (expected.every(({ key, places }) => hasAll(stored.get(key), places))) return;
    this.findings.add({
      check: 'look-ups',
      where: 'log',
      message:
        `The look-ups lack events of the positions ${after + 1} to ${upTo}, so reads with a filter miss them. ` +
        `Rebuild the look-ups.`,
      position: after + 1,
    });
  }

  private async readPlaces(chunk: number, keys: readonly number[]): Promise<Map<number, string>> {
    const dialect = dialectOf(this.events);
    const rows = await select<{ key: number | string; places: string }>(
      this.events,
      `select l.key, l.places from leftfold_look_ups l where ${dialect.isAnyOf('l.key')} and l.chunk = ?`,
      [dialect.list(keys), chunk],
    );
    return new Map(rows.map(({ key, places }) => [Number(key), places]));
  }
}

function hasAll(stored: string | undefined, expected: string): boolean {
  if (stored === undefined || stored === expected) return stored === expected;
  const found = new Set(decodePlaces(stored));
  return decodePlaces(expected).every((place) => found.has(place));
}
