import assert from 'node:assert/strict';
import { KERNEL } from '../aggregates/aggregate-root.js';
import { type AggregateClass, type AnyAggregate, describeAggregate } from '../aggregates/aggregate.decorator.js';
import { classOf } from '../constructor.js';
import { eventThroughStorage } from './through-storage.js';

type ErrorClass = new (...args: never[]) => Error;

/**
 * Tests an aggregate's rules with events: `specOf(Order, ORDER_ID).given(aPlacedOrder()).when((it) =>
 * it.cancel(NOW)).thenEvents(aCancelledOrder())`. Every event is converted to JSON and back, as in the log.
 */
export function specOf<A extends AnyAggregate>(aggregateClass: AggregateClass<A>, id: string): AggregateSpec<A> {
  return new AggregateSpec(aggregateClass, id, []);
}

/** An aggregate with the events that its stream already has. */
export class AggregateSpec<A extends AnyAggregate> {
  constructor(
    private readonly aggregateClass: AggregateClass<A>,
    private readonly id: string,
    private readonly history: readonly object[],
  ) {}

  given(...events: object[]): AggregateSpec<A> {
    return new AggregateSpec(this.aggregateClass, this.id, [...this.history, ...events]);
  }

  when(decide: (aggregate: A) => void): Decision {
    const aggregate = new this.aggregateClass(this.id);
    for (const [index, event] of this.history.entries()) {
      aggregate[KERNEL].replay([this.throughStorage(event)], index + 1, index + 1);
    }
    return this.decision(
      aggregate,
      thrownBy(() => decide(aggregate)),
    );
  }

  /** The decision that creates an aggregate: `whenCreated((id) => Order.place(id, ...))`. */
  whenCreated(create: (id: string) => A): Decision {
    let created: A | undefined;
    const error = thrownBy(() => (created = create(this.id)));
    return this.decision(created, error);
  }

  private decision(aggregate: A | undefined, error: unknown): Decision {
    const pending: object[] = [...(aggregate?.[KERNEL].pending ?? [])];
    return new Decision(
      pending.map((event) => this.throughStorage(event)),
      error,
    );
  }

  private throughStorage(event: object): object {
    const { events } = describeAggregate(this.aggregateClass);
    const eventClass = classOf(event);
    if (!events.includes(eventClass)) {
      throw new Error(`${eventClass.name} is not among the events of ${this.aggregateClass.name}.`);
    }
    return eventThroughStorage(event);
  }
}

/** The outcome of a decision. Each `then...` asserts. */
export class Decision {
  constructor(
    private readonly events: readonly object[],
    private readonly error: unknown,
  ) {}

  /** Expects exactly these events, in this order. */
  thenEvents(...expected: object[]): void {
    assert.equal(this.error, undefined);
    // A property that is undefined is not stored.
    assert.deepStrictEqual(this.events, expected.map(eventThroughStorage));
  }

  /** Expects no events and no error. */
  thenNothing(): void {
    this.thenEvents();
  }

  /** Expects this error and no events. */
  thenFails(errorClass: ErrorClass): void {
    assert.ok(this.error instanceof errorClass, `expected ${errorClass.name}, got ${String(this.error)}`);
    assert.deepStrictEqual(this.events, []);
  }
}

function thrownBy(decide: () => void): unknown {
  try {
    decide();
    return undefined;
  } catch (error) {
    return error;
  }
}
