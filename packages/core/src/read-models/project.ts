import type { WriteDatabase } from '../databases/write-database.js';
import { LazyTransaction } from '../databases/lazy-transaction.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventSerializer } from '../event-log/event-serializer.js';
import { ExpectedKeys } from './expected-keys.js';
import { HandledEvents, type Projection } from './handled-events.js';
import { type BatchTables, ReadModelBatch } from './read-model-batch.js';
import type { EventLoopShare } from '../subscriptions/event-loop-share.js';
import type { KeyOfEvent } from './projection.decorator.js';
import { LeaseLostError } from '../subscriptions/states/lease.js';
import type { Advance, Progress } from '../subscriptions/runners/checkpoint.js';
import { BatchFailure, HandlerFailure } from '../subscriptions/runners/handler-failure.js';

/** After this time of handling, in ms, the finished events are committed, and the rest wait for the next transaction. */
const BUDGET = 250;

export interface Projecting extends Projection {
  readonly key: KeyOfEvent | undefined;
  readonly serializer: EventSerializer;
  readonly database: WriteDatabase;
  readonly tables: BatchTables;
  readonly share: EventLoopShare;
  /** Whether to end after the current event. */
  readonly ending: () => boolean;
  /** How long it handles events before it commits those that are finished, in ms; 250 when left out. */
  readonly budget?: number;
  readonly advance: Advance;
}

/**
 * Handles events, and commits their rows and the checkpoint in one transaction.
 * @returns the committed position: `to`, or that of an earlier event when handling took long
 * @throws HandlerFailure, BatchFailure, LeaseLostError; then nothing is committed
 */
export async function project(
  { handler, key, ownRows, serializer, database, tables, share, ending, budget = BUDGET, advance }: Projecting,
  events: readonly RecordedEvent[],
  to: number,
): Promise<number> {
  const transaction = new LazyTransaction(database);
  const expected = new ExpectedKeys(events, key, serializer);
  const batch = new ReadModelBatch(tables, transaction, expected);
  const handled = new HandledEvents(events, expected, batch, { handler, ownRows });
  try {
    const deadline = Date.now() + budget;
    await handled.handle(share, () => batch.mustEnd || Date.now() > deadline || ending());
    return await commit();
  } catch (error) {
    tables.kept.clear();
    await transaction.rollback(error);
    throw error;
  }

  async function commit(): Promise<number> {
    const { last, count } = handled;
    const reached = handled.areAll ? to : last.position;
    const progress = { to: reached, handled: count, eventId: last.eventId };
    try {
      handled.refuseMisuse();
      const writes = batch.writes();
      const isDone = writes && (await advance.with?.(writes, progress));
      if (!isDone) await commitStepByStep(progress);
      batch.keepRows();
      return reached;
    } catch (error) {
      if (error instanceof LeaseLostError || error instanceof HandlerFailure) throw error;
      throw count === 1 ? new HandlerFailure(last, error) : new BatchFailure(events.slice(0, count), error);
    }
  }

  async function commitStepByStep(progress: Progress): Promise<void> {
    const manager = await batch.flush();
    handled.refuseMisuse();
    await advance.within(manager, progress);
    handled.refuseMisuse();
    await transaction.commit();
  }
}
