import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { execute } from '../../databases/execute.js';
import type { OpenDatabase } from '../../databases/open-database.js';
import { CHUNK, type IndexedColumns, postingsOf } from './postings.js';

interface Step {
  /** `complete`: the next chunk still lacks events. `busy`: another node fills it. */
  readonly kind: 'filled' | 'complete' | 'busy';
  /** Position up to which the look-ups are filled; 0 when another node knows. */
  readonly filledTo: number;
}

/** Before a chunk that another node fills is looked at again, in ms. */
const PAUSE = 20;

/**
 * Fills the look-ups after the commit, a chunk of events at a time. A chunk's content depends on the log alone, so a
 * crash or two nodes at once do no harm: the chunk is filled again, with the same content.
 */
export class LookUpFiller {
  private readonly logger = new Logger(LookUpFiller.name);
  private running: Promise<void> | undefined;
  private closed = false;
  /** The highest position that the log is known to have reached. */
  private seen = 0;
  /** The look-ups are filled further when the log has reached this position. */
  private next = 0;
  private isFailing = false;

  constructor(private readonly database: OpenDatabase) {}

  /** The log has reached this position. Fills the chunks that are complete, in the background. */
  notice(position: number): void {
    this.seen = Math.max(this.seen, position);
    if (this.seen < this.next || this.closed) return;
    this.running ??= this.catchUp();
  }

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

  /** Settles when the chunk in progress is stored. Later positions are not noticed any more. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async catchUp(): Promise<void> {
    while (!this.closed && this.seen >= this.next) {
      const { seen } = this;
      try {
        const { kind, filledTo } = await this.step();
        this.isFailing = false;
        // How far the log is, is not known at the start, so after each chunk it looks for another one.
        if (kind === 'filled') this.next = 0;
        else this.next = (kind === 'busy' ? seen : filledTo) + CHUNK;
      } catch (error) {
        // Reads are right without them, only slower. The next chunk of events is another occasion.
        this.next = seen + CHUNK;
        if (!this.isFailing)
          this.logger.warn(`The look-ups of the log can't be filled now: ${(error as Error).message}`);
        this.isFailing = true;
      }
      await nextTurn();
    }
    // In the same turn as the check above, so that no position is overlooked.
    this.running = undefined;
  }

  private step(): Promise<Step> {
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
      const { rows: events } = await execute<IndexedColumns>(
        queryRunner!,
        `select e.position, e.stream, e.type, e.actor, e.correlation_id from leftfold_events e
          where e.position > ? and e.position <= ? order by e.position`,
        [after, upTo],
      );
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
