import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import type { OpenDatabase } from '../../databases/open-database.js';
import { preparedWithin } from '../../databases/prepare.js';
import type { PreparedStatements } from '../../databases/prepared-statements.js';
import { isRefusedValue } from '../../databases/refused-value.js';
import type { OwnEvents } from './own-events.js';
import {
  joined,
  type LookUpRow,
  type Merge,
  merged,
  mergeDueAt,
  rowsOf,
  type StoredLookUp,
} from './packed-postings.js';
import { CHUNK, FILLED_CHUNKS, type IndexedColumns, placesByKey } from './postings.js';

/** What was done, and how far the look-ups are. */
export interface FillingStep {
  /** `complete`: the next chunk still lacks events. `busy`: another node fills it. */
  readonly kind: 'filled' | 'complete' | 'busy';
  /** Position up to which the look-ups are filled; 0 when another node knows. */
  readonly filledTo: number;
}

const STATE = `select ${FILLED_CHUNKS},
  coalesce((select position from leftfold_events order by position desc limit 1), 0) from leftfold_event_log limit 1`;
const REPLACE = ' on conflict (key, chunk) do update set places = excluded.places';
const NO_ROWS: ReadonlyMap<number, StoredLookUp> = new Map();
/** Before a chunk that another node fills is looked at again, in ms. */
const PAUSE = 20;

/**
 * Fills one chunk after the other, each in a transaction, and merges packed rows. What is found depends on the log alone, so a
 * crash or two nodes at once do no harm: the chunk is filled again, with the same places.
 */
export class ChunkFiller {
  /**
   * Rows of the next chunk, or of a run that is merged, may be there: it was filled before. To look for them costs a third of
   * an insert on PostgreSQL.
   */
  private mayBeThere = false;

  /** @param own events of which this process knows what it has stored */
  constructor(
    private readonly database: OpenDatabase,
    private readonly own?: OwnEvents,
  ) {}

  /**
   * Fills all chunks of the log that are complete. A chunk that another node fills is waited for.
   * @param onProgress called after each chunk, with the position up to which the look-ups are filled
   * @throws the signal's reason when it is aborted
   */
  async fill(onProgress?: (filledTo: number) => void, signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const { kind, filledTo } = await this.step();
      if (kind === 'complete') return;
      if (kind === 'filled') onProgress?.(filledTo);
      else await delay(PAUSE);
      await nextTurn();
    }
  }

  /** Fills the next chunk, if it is complete. */
  async step(): Promise<FillingStep> {
    try {
      return await this.fillNext();
    } catch (error) {
      if (this.mayBeThere || !isRefusedValue(error)) throw error;
      this.mayBeThere = true;
      return this.fillNext();
    }
  }

  private async fillNext(): Promise<FillingStep> {
    const step = await this.database.write.transaction(({ queryRunner }) => this.fillIn(preparedWithin(queryRunner!)));
    if (step.kind === 'complete') this.mayBeThere = false;
    return step;
  }

  private async fillIn(database: PreparedStatements): Promise<FillingStep> {
    const { dialect } = this.database.write;
    const [state] = (await database.run(`${STATE} ${dialect.forUpdateSkipLocked}`, [])).rows;
    if (!state) return { kind: 'busy', filledTo: 0 };
    const [chunk, head] = state.map(Number) as [number, number];
    const [after, upTo] = [chunk * CHUNK, (chunk + 1) * CHUNK];
    if (head < upTo) return { kind: 'complete', filledTo: after };
    const events = await eventsToLookUp(database, chunk, this.own);
    await this.store(database, chunk, rowsOf(chunk, placesByKey(events)));
    await database.run('update leftfold_event_log set packed_chunks = ?', [chunk + 1]);
    const due = mergeDueAt(chunk + 1);
    if (due) await this.merge(database, due);
    return { kind: 'filled', filledTo: upTo };
  }

  /** In the transaction, so that a read sees the rows either as they were or as they are then. */
  private async merge(database: PreparedStatements, { level, keys, before }: Merge): Promise<void> {
    const those = 'where key >= ? and key <= ? and chunk < ?';
    const range = [keys.from, keys.to, before];
    const found = await database.run(
      `select key, chunk, places from leftfold_look_ups ${those} order by key desc, chunk`,
      range,
    );
    if (found.rows.length === 0) return;
    await database.run(`delete from leftfold_look_ups ${those}`, range);
    const lower = found.rows.map(storedLookUp);
    for (const [chunk, made] of merged(level, lower)) {
      const there = this.mayBeThere ? await this.readThere(database, chunk, made) : NO_ROWS;
      await this.store(
        database,
        chunk,
        made.map((row) => (there.has(row.key) ? joined(row, there.get(row.key)!) : row)),
      );
    }
  }

  /** The rows with the same keys that are there already: the run was merged before. */
  private async readThere(
    database: PreparedStatements,
    chunk: number,
    rows: readonly LookUpRow[],
  ): Promise<ReadonlyMap<number, StoredLookUp>> {
    const { dialect } = this.database.write;
    const found = await database.run(
      `select l.key, l.chunk, l.places from leftfold_look_ups l where ${dialect.isAnyOf('l.key')} and l.chunk = ?`,
      [dialect.list(rows.map(({ key }) => key)), chunk],
    );
    return new Map(found.rows.map(storedLookUp).map((row) => [Number(row.key), row]));
  }

  private async store(database: PreparedStatements, chunk: number, rows: readonly LookUpRow[]): Promise<void> {
    const { dialect } = this.database.write;
    await database.run(
      `insert into leftfold_look_ups (key, chunk, places)
       select p.key, cast(? as integer), p.places from ${dialect.pairs('key', 'places')} p where true${this.mayBeThere ? REPLACE : ''}`,
      [chunk, ...dialect.listOfPairs(rows.map(({ key, places }) => [key, places]))],
    );
  }
}

/** The events of a complete chunk: from memory if this process has stored all of them. */
export async function eventsToLookUp(
  database: PreparedStatements,
  chunk: number,
  own?: OwnEvents,
): Promise<readonly IndexedColumns[]> {
  const known = await own?.take(chunk, async (position) => {
    const { rows } = await database.run('select event_id from leftfold_events where position = ?', [position]);
    return rows[0]?.[0] as string | undefined;
  });
  return known ?? eventsOfChunk(database, chunk);
}

/** The events of a complete chunk, as stored. */
export async function eventsOfChunk(database: PreparedStatements, chunk: number): Promise<IndexedColumns[]> {
  const { rows } = await database.run(
    `select e.position, e.stream, e.type, e.actor, e.correlation_id from leftfold_events e
      where e.position > ? and e.position <= ? order by e.position`,
    [chunk * CHUNK, (chunk + 1) * CHUNK],
  );
  return (rows as EventValues[]).map(([position, stream, type, actor, correlationId]) => ({
    position,
    stream,
    type,
    actor,
    correlationId,
  }));
}

function storedLookUp(values: readonly unknown[]): StoredLookUp {
  const [key, chunk, places] = values as readonly [number | string, number, string];
  return { key, chunk, places };
}

type EventValues = readonly [number | string, string, string, string, string];
