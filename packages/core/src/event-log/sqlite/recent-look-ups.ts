import type { OpenDatabase } from '../../databases/open-database.js';
import type { SqliteWriteDatabase } from '../../databases/sqlite-write-database.js';
import { type ChunkFiller, eventsToLookUp, type FillingStep } from '../look-ups/chunk-filler.js';
import { ChunkPostings } from '../look-ups/chunk-postings.js';
import type { Filling } from '../look-ups/look-up-filler.js';
import type { OwnEvents } from '../look-ups/own-events.js';
import { CHUNK, FILLED_CHUNKS, KEYS, placesByKey } from '../look-ups/postings.js';
import { RecentChunks, type RecentPostings } from '../look-ups/recent-postings.js';

const STATE = `select (select max(${FILLED_CHUNKS}) from leftfold_event_log) as chunks,
  (select position from leftfold_events order by position desc limit 1) as head`;
const STORED = `select max(${FILLED_CHUNKS}) as chunks from leftfold_event_log`;
const STORE = `insert into leftfold_look_ups (key, chunk, places)
  select value->>0, value->>1, value->>2 from json_each(?) where true
  on conflict (key, chunk) do update set places = excluded.places`;
const FILLED_TO = 'update leftfold_event_log set packed_chunks = ?';

/** Chunks that are stored together, in as many shares: each has the keys of one part of all. */
interface Storing {
  readonly chunks: readonly ChunkPostings[];
  /** How many shares are stored. */
  shares: number;
}

/**
 * Fills the look-ups of a SQLite file. The keys of a chunk are spread over all pages of the look-ups, so each chunk would
 * write most of them anew. So the last chunks stay in memory, where reads of this process find them. Many of them are stored
 * together, a part of all keys at a time: that changes the pages of these keys alone.
 *
 * After a crash, and in other processes, what is in memory here is read from the events.
 */
export class RecentLookUps implements Filling {
  private storing: Storing | undefined;
  private readonly write: SqliteWriteDatabase;
  private readonly together: number;

  constructor(
    private readonly database: OpenDatabase,
    private readonly recent: RecentPostings,
    private readonly own: OwnEvents,
    /** For a log whose look-ups are far behind. */
    private readonly filler: ChunkFiller,
  ) {
    this.write = database.write as SqliteWriteDatabase;
    this.together = database.limits.lookUpsTogether;
  }

  async step(): Promise<FillingStep> {
    const [state] = (await this.database.briefReads.run(STATE, [])).rows as [[number | null, number | null]];
    const [stored, complete] = [Number(state[0]), Math.floor(Number(state[1]) / CHUNK)];
    // Another process has stored more, or begins anew.
    if (stored !== this.recent.current.first) this.startAt(stored);
    const { current } = this.recent;
    if (current.chunks.length === 0 && complete - stored > 2 * this.together) return this.filler.step();
    const isFull = current.chunks.length === 2 * this.together;
    if (!isFull && current.next >= complete) return { kind: 'complete', filledTo: current.upTo };
    if (!isFull) this.recent.current = current.with(await this.read(current.next));
    if (this.storing || this.recent.current.chunks.length >= this.together) await this.storeShare();
    return { kind: 'filled', filledTo: this.recent.current.upTo };
  }

  async rest(): Promise<boolean> {
    if (this.recent.current.chunks.length === 0) return false;
    await this.storeShare();
    return true;
  }

  private startAt(chunk: number): void {
    this.storing = undefined;
    this.recent.current = new RecentChunks(chunk);
  }

  private async read(chunk: number): Promise<ChunkPostings> {
    return new ChunkPostings(chunk, placesByKey(await eventsToLookUp(this.database.reads, chunk, this.own)));
  }

  /** Stores the next share of the chunks in memory. */
  private async storeShare(): Promise<void> {
    const { current } = this.recent;
    const storing = (this.storing ??= { chunks: current.chunks.slice(0, this.together), shares: 0 });
    const { length } = storing.chunks;
    const end = current.first + length;
    const isLast = storing.shares + 1 === length;
    const rows = JSON.stringify(shareOf(storing));
    const isStored = await this.write.transactionInOneTurn((statements) => {
      // What another process has stored meanwhile is not said to be stored again, nor what it has begun anew.
      const { chunks } = statements.of(STORED).get() as { chunks: number };
      if (chunks !== current.first) return false;
      statements.of(STORE).run(rows);
      if (isLast) statements.of(FILLED_TO).run(end);
      return true;
    });
    if (!isStored) return this.startAt(current.first);
    storing.shares += 1;
    if (!isLast) return;
    this.storing = undefined;
    this.recent.current = this.recent.current.from(end);
  }
}

/** The rows of the next share, in the order in which they are stored. */
function shareOf({ chunks, shares }: Storing): (number | string)[][] {
  const [from, before] = [shares, shares + 1].map((share) => Math.ceil((KEYS * share) / chunks.length));
  return chunks
    .flatMap((each) => each.between(from!, before!).map(({ key, places }) => ({ key, chunk: each.chunk, places })))
    .toSorted((one, other) => one.key - other.key || one.chunk - other.chunk)
    .map(({ key, chunk, places }) => [key, chunk, places]);
}
