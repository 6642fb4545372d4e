import type { WriteDatabase } from '../databases/write-database.js';
import { LazyTransaction } from '../databases/lazy-transaction.js';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventSerializer } from '../event-log/event-serializer.js';
import { ExpectedKeys } from './expected-keys.js';
import { Handling } from './handling.js';
import { type BatchTables, ReadModelBatch } from './read-model-batch.js';
import { contextOf, type ProjectionHandler } from '../subscriptions/event-handler.js';
import type { EventLoopShare } from '../subscriptions/event-loop-share.js';
import type { OwnRows } from './own-rows.js';
import type { KeyOfEvent } from './projection.decorator.js';
import { LeaseLostError } from '../subscriptions/states/lease.js';
import type { Advance } from '../subscriptions/runners/checkpoint.js';
import { BatchFailure, HandlerFailure } from '../subscriptions/runners/handler-failure.js';

/** After this time of handling, in ms, the finished events are committed, and the rest wait for the next transaction. */
const BUDGET = 250;

export interface Projecting {
  readonly handler: ProjectionHandler;
  readonly key: KeyOfEvent | undefined;
  readonly ownRows: OwnRows | undefined;
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
  const handled: { readonly recorded: RecordedEvent; readonly handling: Handling }[] = [];
  try {
    const deadline = Date.now() + budget;
    for (const [index, recorded] of events.entries()) {
      if (share.isUsedUp) await share.yieldIfUsedUp();
      handled.push({ recorded, handling: await handle(recorded, index) });
      if (Date.now() > deadline || ending()) break;
    }
    return await commit();
  } catch (error) {
    tables.kept.clear();
    await transaction.rollback(error);
    throw error;
  }

  async function handle(recorded: RecordedEvent, index: number): Promise<Handling> {
    try {
      const handling = new Handling(batch, ownRows?.of(recorded.stream));
      // The keys of every event are determined, so that a bad event fails in any batch.
      const { events: parts } = expected.at(index);
      const [only] = parts;
      await handling.run(
        parts.length === 1 ? () => handler.handle(only!, contextOf(recorded, 0)) : () => handleEach(parts, recorded),
      );
      return handling;
    } catch (error) {
      throw new HandlerFailure(recorded, error);
    }
  }

  async function handleEach(parts: readonly object[], recorded: RecordedEvent): Promise<void> {
    for (const [part, event] of parts.entries()) await handler.handle(event, contextOf(recorded, part));
  }

  async function commit(): Promise<number> {
    const last = handled.at(-1)!.recorded;
    const reached = handled.length === events.length ? to : last.position;
    try {
      const manager = await batch.flush();
      refuseMisuse();
      await advance(manager, { to: reached, handled: handled.length, eventId: last.eventId });
      refuseMisuse();
      await transaction.commit();
      batch.keepRows();
      return reached;
    } catch (error) {
      if (error instanceof LeaseLostError || error instanceof HandlerFailure) throw error;
      throw handled.length === 1
        ? new HandlerFailure(last, error)
        : new BatchFailure(
            handled.map(({ recorded }) => recorded),
            error,
          );
    }
  }

  /** A handler may keep running after its promise has settled, so check for late calls. */
  function refuseMisuse(): void {
    for (const { recorded, handling } of handled) {
      try {
        handling.check();
      } catch (error) {
        throw new HandlerFailure(recorded, error);
      }
    }
  }
}
