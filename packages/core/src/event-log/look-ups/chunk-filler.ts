import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { execute } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import { CHUNK, type IndexedColumns, postingsOf } from './postings.js';

/** What was done, and how far the look-ups are. */
export interface FillingStep {
  /** `complete`: the next chunk still lacks events. `busy`: another node fills it. */
  readonly kind: 'filled' | 'complete' | 'busy';
  /** Position up to which the look-ups are filled; 0 when another node knows. */
  readonly filledTo: number;
}

/** Before a chunk that another node fills is looked at again, in ms. */
const PAUSE = 20;

/**
 * Fills one chunk after the other, each in a transaction. A chunk's content depends on the log alone, so a crash or two nodes
 * at once do no harm: the chunk is filled again, with the same content.
 */
export class ChunkFiller {
  constructor(private readonly database: OpenDatabase) {}

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
  step(): Promise<FillingStep> {
    const { dialect } = this.database.write;
    return this.database.write.transaction(async ({ queryRunner }) => {
      const { rows: states } = await execute<{ chunk: number | string }>(
        queryRunner!,
        `select look_up_chunks as chunk from leftfold_event_log limit 1 ${dialect.forUpdateSkipLocked}`,
        [],
      );
      if (!states[0]) return { kind: 'busy', filledTo: 0 };
      const chunk = Number(states[0].chunk);
      const [after, upTo] = [chunk * CHUNK, (chunk + 1) * CHUNK];
      const { rows: heads } = await execute<{ position: number | string }>(
        queryRunner!,
        'select position from leftfold_events order by position desc limit 1',
        [],
      );
      if (Number(heads[0]?.position ?? 0) < upTo) return { kind: 'complete', filledTo: after };
      const { rows: events } = await execute<IndexedColumns>(queryRunner!, EVENTS_OF_CHUNK, [after, upTo]);
      const postings = postingsOf(events).map(({ key, places }) => [key, places]);
      await execute(
        queryRunner!,
        `insert into leftfold_look_ups (key, chunk, places)
         select p.key, cast(? as integer), p.places from ${dialect.jsonPairs('key', 'places')} p where true
         on conflict (key, chunk) do update set places = excluded.places`,
        [chunk, JSON.stringify(postings)],
      );
      await execute(queryRunner!, 'update leftfold_event_log set look_up_chunks = ?', [chunk + 1]);
      return { kind: 'filled', filledTo: upTo };
    });
  }
}

/** Parameters: the positions before the chunk, and at its end. */
export const EVENTS_OF_CHUNK = `select e.position, e.stream, e.type, e.actor, e.correlation_id from leftfold_events e
  where e.position > ? and e.position <= ? order by e.position`;
