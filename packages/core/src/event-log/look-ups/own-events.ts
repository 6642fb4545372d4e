import type { Outcome } from '../outcome.js';
import type { PreparedAppend } from '../prepared-append.js';
import { CHUNK, type IndexedColumns } from './postings.js';

/** The most events in memory: a chunk is filled soon after its last event. */
const MOST = 4 * CHUNK;

/** An event that this process has stored. */
interface OwnEvent extends IndexedColumns {
  readonly eventId: string;
}

/**
 * The last events that this process has stored, without a gap between them. A chunk that it has stored alone need not be
 * read again to fill the look-ups.
 */
export class OwnEvents {
  private events: OwnEvent[] = [];

  /** Called with each batch that is committed, in the order of the log. */
  note(batch: readonly PreparedAppend[], outcomes: readonly Outcome[]): void {
    for (let index = 0; index < batch.length; index++) {
      const outcome = outcomes[index]!;
      if (outcome.kind === 'stored' && !outcome.result.repeated) this.add(batch[index]!, outcome.result.position);
    }
    if (this.events.length > MOST) this.events = this.events.slice(-MOST);
  }

  /** Called when the log may have other events at these positions: the connection was lost, or a batch has failed. */
  forget(): void {
    this.events = [];
  }

  /**
   * The events of a chunk, which are not needed again; undefined when they are not all in memory.
   * @param readId reads the id of the event at a position: it is another one after a restore from a backup
   */
  async take(
    chunk: number,
    readId: (position: number) => Promise<string | undefined>,
  ): Promise<readonly IndexedColumns[] | undefined> {
    const [first] = this.events;
    if (!first) return undefined;
    const from = chunk * CHUNK + 1 - Number(first.position);
    const taken = from < 0 ? [] : this.events.slice(from, from + CHUNK);
    this.events = this.events.slice(Math.max(0, from + CHUNK));
    if (taken.length < CHUNK) return undefined;
    return taken.at(-1)!.eventId === (await readId((chunk + 1) * CHUNK)) ? taken : undefined;
  }

  /** @param last position of its last event */
  private add({ streams, eventCount }: PreparedAppend, last: number): void {
    // One without events names an earlier one.
    if (eventCount === 0) return;
    let position = last - eventCount;
    // Between them are events of other processes, or those of an append whose answer was lost.
    if (Number(this.events.at(-1)?.position ?? position) !== position) this.events = [];
    for (const { stream, events } of streams) {
      for (const { eventId, type, actor, correlationId } of events) {
        this.events.push({ position: ++position, stream, eventId, type, actor, correlationId });
      }
    }
  }
}
