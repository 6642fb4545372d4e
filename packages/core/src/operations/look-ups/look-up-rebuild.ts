import { Injectable } from '@nestjs/common';
import { Databases } from '../../databases/databases.js';
import { execute } from '../../databases/execute.js';
import { ChunkFiller } from '../../event-log/look-ups/chunk-filler.js';
import { CHUNK } from '../../event-log/look-ups/postings.js';
import { EventLog } from '../../event-log/event-log.js';

/** Options of a rebuild of the look-ups. */
export interface LookUpRebuildOptions {
  /** Called after each 1,024 events: how many are looked up again, and how many there are. */
  readonly onProgress?: (events: number, of: number) => void;
  /** Interrupts it between two chunks. Running nodes fill the rest. */
  readonly signal?: AbortSignal;
}

/**
 * Fills the look-ups of the log anew, by which reads with a filter find events. It may run while nodes append and read:
 * until it is done, these reads search the events themselves.
 */
@Injectable()
export class LookUpRebuild {
  constructor(
    private readonly databases: Databases,
    private readonly log: EventLog,
  ) {}

  /**
   * @returns how many events are looked up again; the last 1,023 or fewer wait for the next ones
   * @throws the signal's reason when it is aborted
   */
  async run({ onProgress, signal }: LookUpRebuildOptions = {}): Promise<number> {
    signal?.throwIfAborted();
    const head = await this.log.head();
    const of = head - (head % CHUNK);
    await this.databases.besideTheLog(async ({ queryRunner }) => {
      await execute(queryRunner!, 'update leftfold_event_log set look_up_chunks = 0, packed_chunks = 0', []);
    });
    await new ChunkFiller(this.databases.events).fill((filledTo) => onProgress?.(Math.min(filledTo, of), of), signal);
    return of;
  }
}
