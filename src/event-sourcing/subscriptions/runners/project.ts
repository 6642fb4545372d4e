import type { WriteDatabase } from '../../databases/write-database.js';
import { OpenTransaction } from '../../databases/open-transaction.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { EventSerializer } from '../../events/event-serializer.js';
import { type BatchTables, ReadModelBatch } from '../../read-models/read-model-batch.js';
import { contextOf, type ProjectionHandler } from '../event-handler.js';
import type { FairShare } from '../fair-share.js';
import type { Move } from '../states/subscription-states.js';
import { HandlerFailure } from './handler-failure.js';
import type { EntityManager } from 'typeorm';

/** After so many ms of handling, what is done is committed, and the rest waits for the next transaction. */
const BUDGET = 250;

export interface Projecting {
  readonly handler: ProjectionHandler;
  readonly serializer: EventSerializer;
  readonly database: WriteDatabase;
  readonly tables: Omit<BatchTables, 'transaction'>;
  readonly share: FairShare;
  /** Whether to end after the event under way. */
  readonly ending: () => boolean;
  /** Moves the checkpoint, within the transaction of the rows. */
  readonly advance: (manager: EntityManager, move: Move) => Promise<void>;
}

/**
 * Handles events, and commits their rows and the checkpoint in one transaction.
 * @returns the position that is committed: `to`, or that of an earlier event when it took long
 * @throws HandlerFailure; nothing is committed then
 */
export async function project(
  { handler, serializer, database, tables, share, ending, advance }: Projecting,
  events: readonly RecordedEvent[],
  from: number,
  to: number,
): Promise<number> {
  const transaction = new OpenTransaction(database);
  const batch = new ReadModelBatch({ ...tables, transaction }, events);
  const deadline = Date.now() + BUDGET;
  let handled = 0;
  try {
    await batch.run(async () => {
      for (const recorded of events) {
        await share.taken();
        await handle(recorded);
        handled += 1;
        if (Date.now() > deadline || ending()) break;
      }
    });
    const reached = handled === events.length ? to : events[handled - 1]!.position;
    const manager = await flush();
    await advance(manager, { from, to: reached, handled, eventId: events[handled - 1]!.eventId });
    await transaction.commit();
    return reached;
  } catch (error) {
    await transaction.rollback(error);
    throw error;
  }

  async function handle(recorded: RecordedEvent): Promise<void> {
    try {
      const event = serializer.fromRecorded(recorded);
      if (event) await handler.handle(event, contextOf(recorded));
    } catch (error) {
      throw new HandlerFailure(recorded, error);
    }
  }

  async function flush(): Promise<EntityManager> {
    try {
      return await batch.flush();
    } catch (error) {
      throw new HandlerFailure(events[0]!, error);
    }
  }
}
