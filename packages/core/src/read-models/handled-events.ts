import { AsyncResource } from 'node:async_hooks';
import type { RecordedEvent } from '../event-log/recorded-event.js';
import { contextOf, type ProjectionHandler } from '../subscriptions/event-handler.js';
import type { EventLoopShare } from '../subscriptions/event-loop-share.js';
import { HandlerFailure } from '../subscriptions/runners/handler-failure.js';
import type { ExpectedKeys } from './expected-keys.js';
import { Handling, type LateCalls } from './handling.js';
import type { OwnRows } from './own-rows.js';
import type { ReadModelBatch } from './read-model-batch.js';

/** The handler of a projection, and the rows that it may use; all when `ownRows` is left out. */
export interface Projection {
  readonly handler: ProjectionHandler;
  readonly ownRows: OwnRows | undefined;
}

/** The events of a batch that a projection has handled so far. */
export class HandledEvents implements LateCalls {
  /** With the one that is being handled. */
  count = 0;
  private misuse: HandlerFailure | undefined;
  /** Each handler runs in a context of its own, which begins as that of the batch. */
  private readonly scope = new AsyncResource('leftfold.projection');

  constructor(
    private readonly events: readonly RecordedEvent[],
    private readonly expected: ExpectedKeys,
    private readonly batch: ReadModelBatch,
    private readonly projection: Projection,
  ) {}

  /** At least one event is handled before this is asked. */
  get last(): RecordedEvent {
    return this.events[this.count - 1]!;
  }

  get areAll(): boolean {
    return this.count === this.events.length;
  }

  /**
   * Handles one event after the other, until none is left or `isEnough`.
   * @throws HandlerFailure
   */
  async handle(share: EventLoopShare, isEnough: () => boolean): Promise<void> {
    const { handler, ownRows } = this.projection;
    for (let index = 0; index < this.events.length; index++) {
      const recorded = this.events[index]!;
      if (share.isUsedUp) await share.yieldIfUsedUp();
      this.count = index + 1;
      const handling = new Handling(this.batch, recorded, this);
      try {
        if (ownRows) handling.restrictTo(ownRows.of(recorded.stream));
        const events = this.expected.take(index);
        for (let part = 0; part < events.length; part++) {
          const event = events[part]!;
          const context = contextOf(recorded, part);
          this.expected.check(event, context);
          const answer = handling.begin(this.scope, handler, event, context);
          // In place, and only if need be: a promise for each event would cost as much as the handler.
          if (answer !== undefined) await answer;
        }
        handling.end();
      } catch (error) {
        handling.fail();
        throw new HandlerFailure(recorded, error);
      }
      if (isEnough()) return;
    }
  }

  noted(event: RecordedEvent): Error {
    const error = new Error(
      'A ReadModel was used after the handler had returned, so the row would be lost. Await everything that the handler begins.',
    );
    this.misuse ??= new HandlerFailure(event, error);
    return error;
  }

  /**
   * A handler may keep running after its promise has settled, so check for late calls.
   * @throws HandlerFailure
   */
  refuseMisuse(): void {
    if (this.misuse) throw this.misuse;
  }
}
