import { Injectable } from '@nestjs/common';
import { AggregateLoader } from '../aggregates/aggregate-loader.js';
import { type AggregateClass, type AnyAggregate, streamOf } from '../aggregates/aggregate.decorator.js';
import type { Moment } from '../aggregates/moment.js';
import { MessageContext } from '../commands/message-context.js';
import type { JsonValue } from '../events/json.js';
import type { Changes } from './changes.js';
import { Decisions } from './decisions.js';
import { type Guard, GuardedEvents } from './guard.js';
import { existing, existingOrNew, type Participants, type StatesOf } from './participants.js';

/** Options for storing a decision. */
export interface SaveOptions<R extends JsonValue | undefined, E extends object = object> {
  /** The command's result. It is stored with the append and returned again on a repeat. */
  readonly result?: R;
  /** A rule over several streams that the decision depends on. It is checked first. */
  readonly guard?: Guard<E>;
}

/** Loads aggregates from the log and stores their new events: `Decisions` for decisions on one aggregate. */
@Injectable()
export class AggregateRepository {
  constructor(
    private readonly loader: AggregateLoader,
    private readonly decisions: Decisions,
    private readonly context: MessageContext,
  ) {}

  /**
   * The aggregate as it is now, or as it was at a version or moment. A command that has decided on it finds its own
   * events: they are stored first.
   * @throws the aggregate's `notFound` error; VersionNotFoundError when it exists but never had that version
   */
  async load<A extends AnyAggregate>(aggregateClass: AggregateClass<A>, id: string, moment: Moment = {}): Promise<A> {
    const { unit } = this.context;
    if (unit?.writes(streamOf(aggregateClass, id))) await unit.store();
    return this.loader.load(aggregateClass, id, moment);
  }

  /**
   * Stores a new aggregate.
   * @throws what the guard throws; InvalidIdError; AggregateExistsError; BusyError; EventLogUnavailableError
   */
  create<A extends AnyAggregate, R extends JsonValue | undefined = undefined>(
    aggregateClass: AggregateClass<A>,
    aggregate: A,
    { result, guard }: SaveOptions<R> = {},
  ): Promise<R> {
    return this.decide({}, guard, (_, changes) => {
      changes.create(aggregateClass, aggregate);
      return result as R;
    });
  }

  /**
   * Loads the aggregate, calls `decide` and stores the new events. On a conflict, when the stream changed in between, it
   * loads and decides again, unless the caller stated an expected version. So `decide` must depend on nothing but the
   * aggregate. It may first read more of the same stream, up to the version of the aggregate, such as an event by its
   * tag.
   * @throws the aggregate's `notFound` error; what `decide` and the guard throw; VersionConflictError; BusyError;
   * EventLogUnavailableError
   */
  update<A extends AnyAggregate, R extends JsonValue | undefined = undefined>(
    aggregateClass: AggregateClass<A>,
    id: string,
    decide: (aggregate: A) => void | Promise<void>,
    { result, guard }: SaveOptions<R> = {},
  ): Promise<R> {
    return this.decide({ aggregate: existing(aggregateClass, id) }, guard, async ({ aggregate }) => {
      await decide(aggregate);
      return result as R;
    });
  }

  /**
   * Like `update`, and begins with a new aggregate, of version 0, when there is none.
   * @throws what `decide` and the guard throw; InvalidIdError; VersionConflictError; BusyError; EventLogUnavailableError
   */
  upsert<A extends AnyAggregate, R extends JsonValue | undefined = undefined>(
    aggregateClass: AggregateClass<A>,
    id: string,
    decide: (aggregate: A) => void | Promise<void>,
    { result, guard }: SaveOptions<R> = {},
  ): Promise<R> {
    return this.decide({ aggregate: existingOrNew(aggregateClass, id) }, guard, async ({ aggregate }) => {
      await decide(aggregate);
      return result as R;
    });
  }

  /** Checks the guard before each attempt of the decision. */
  private decide<P extends Participants, R extends JsonValue | undefined>(
    participants: P,
    guard: Guard | undefined,
    decide: (states: StatesOf<P>, changes: Changes) => R | Promise<R>,
  ): Promise<R> {
    if (!guard) return this.decisions.decide(participants, decide);
    const guarded = { guarded: GuardedEvents.of(guard) };
    return this.decisions.decide({ ...participants, ...guarded }, (states, changes) => {
      guard.check((states as StatesOf<typeof guarded>).guarded.events);
      return decide(states, changes);
    });
  }
}
