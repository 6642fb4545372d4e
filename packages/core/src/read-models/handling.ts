import { AsyncLocalStorage, type AsyncResource } from 'node:async_hooks';
import type { EntityManager, ObjectLiteral } from 'typeorm';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import type { EventContext, ProjectionHandler } from '../subscriptions/event-handler.js';
import type { RowsOfStream } from './own-rows.js';
import type { ReadModelBatch } from './read-model-batch.js';
import type { RowClass, RowKey } from './row.js';
import type { RowMap } from './row-map.js';

const running = new AsyncLocalStorage<Handling>();

/** Where calls are reported that come after their handler has returned. */
export interface LateCalls {
  /** @returns the error for the caller */
  noted(event: RecordedEvent): Error;
}

/** Handling of one event by a projection. Calls to `ReadModel` are accepted until the handler's promise settles. */
export class Handling {
  private isOver = false;
  private pendingCalls = 0;
  private own: RowsOfStream | undefined;

  constructor(
    private readonly batch: ReadModelBatch,
    private readonly event: RecordedEvent,
    private readonly late: LateCalls,
  ) {}

  /** From here on the handler may use these rows only. */
  restrictTo(own: RowsOfStream): void {
    this.own = own;
  }

  /**
   * The rows that the calling handler may use.
   * @throws Error when no handler is running, or its promise has settled
   */
  static batch(): ReadModelBatch {
    return Handling.current().batch;
  }

  /**
   * The rows of an entity, for work on one of them.
   * @param key its key, or the row itself
   * @throws ForeignRowError
   */
  rowsFor<T extends ObjectLiteral>(entity: RowClass<T>, key: RowKey | T): RowMap<T> {
    const rows = this.batch.rows(entity);
    this.own?.check(entity.name, rows.firstKeyColumn(key));
    return rows;
  }

  /** @throws ForeignRowError */
  openForSql(): Promise<EntityManager> {
    this.own?.refuseSql();
    return this.batch.openForSql();
  }

  /** Answers a handler that must await it. What is in memory is answered at once. @throws Error like `batch`, as a rejection */
  static awaited<T>(work: (handling: Handling) => T | Promise<T>): Promise<T> {
    try {
      const handling = Handling.current();
      const answer = work(handling);
      return answer instanceof Promise ? handling.answered(answer) : Promise.resolve(answer);
    } catch (error) {
      return failed(error);
    }
  }

  /** @throws Error like `batch` */
  static current(): Handling {
    const handling = running.getStore();
    if (!handling) {
      throw new Error(
        'A ReadModel works only while its projection handles an event. In a query handler, use @InjectReadModelRepository.',
      );
    }
    if (!handling.isOver) return handling;
    throw handling.late.noted(handling.event);
  }

  /**
   * Calls the handler.
   * @param scope of the batch
   * @returns its promise, to be awaited before `end`; undefined when it has returned without one
   * @throws what the handler throws
   */
  begin<E extends object>(
    scope: AsyncResource,
    handler: ProjectionHandler<E>,
    event: E,
    context: EventContext,
  ): PromiseLike<void> | undefined {
    return scope.runInAsyncScope(call<E>, this, handler, event, context) ?? undefined;
  }

  /** Called when the handler has returned, or its promise has settled. @throws Error when it returns before its calls to ReadModels have settled */
  end(): void {
    this.isOver = true;
    if (this.pendingCalls > 0) {
      throw new Error('The handler returned before its ReadModel had answered. Await get() and manager().');
    }
  }

  /** Called when the handler has failed. */
  fail(): void {
    this.isOver = true;
  }

  private async answered<T>(answer: Promise<T>): Promise<T> {
    this.pendingCalls += 1;
    try {
      return await answer;
    } finally {
      this.pendingCalls -= 1;
    }
  }
}

/** In place of `run`, which makes a second context for what follows the call; the scope ends this one. */
function call<E extends object>(
  this: Handling,
  handler: ProjectionHandler<E>,
  event: E,
  context: EventContext,
): Promise<void> | void {
  running.enterWith(this);
  return handler.handle(event, context);
}

async function failed(error: unknown): Promise<never> {
  throw error;
}
