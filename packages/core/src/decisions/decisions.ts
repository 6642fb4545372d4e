import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AggregateExistsError, BusyError } from '../aggregates/aggregate.errors.js';
import { AggregateLoader } from '../aggregates/aggregate-loader.js';
import type { CommandScope } from '../commands/command-scope.js';
import { MessageContext } from '../commands/message-context.js';
import { ConcurrencyError } from '../event-log/event-log.errors.js';
import { type AppendResult, EventLog } from '../event-log/event-log.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import type { JsonValue } from '../events/json.js';
import { Telemetry } from '../telemetry.js';
import { AskedChanges, type Changes } from './changes.js';
import { DecisionBasis, type Reach } from './decision-basis.js';
import { HeldTurn } from './held-turn.js';
import { KeyedQueue } from './keyed-queue.js';
import { NestedDecisionError } from './nested-decision.error.js';
import { appendsOf, firstStreamOf, savedAggregates } from './new-events.js';
import type { Participants, StatesOf } from './participants.js';
import { RETRIES, pauseAfter } from './retries.js';
import {
  copyOf,
  type Decide,
  isConflict,
  refuseForGood,
  refuseOtherVersion,
  type Result,
  streamsOf,
  type Taken,
  unchanged,
} from './taken.js';

/** Takes decisions, over one stream or several, and stores their events. */
@Injectable()
export class Decisions {
  private readonly queue = new KeyedQueue();
  /** The decision whose callback is running. */
  private readonly running = new AsyncLocalStorage<{ isOver: boolean }>();

  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
    private readonly basis: DecisionBasis,
    private readonly loader: AggregateLoader,
    private readonly context: MessageContext,
    private readonly telemetry: Telemetry,
  ) {}

  /**
   * Reads the participants, calls `decide`, and stores the new events of all aggregates and changes in one append,
   * together with the result. `decide` must depend on nothing but the participants, and must not change a model's state.
   *
   * In a command handler it returns when the decision is taken. It is stored when the handler has returned, or before a
   * nested command is executed. So a handler that fails, or decides twice, stores nothing. If the stream of an aggregate
   * or an event of a model was stored in between, the handler runs again. After a nested command, and outside of
   * handlers, the decision is stored before this returns, and `decide` alone is called again in a conflict. With an
   * expected version of the caller, a conflict is refused.
   *
   * An expected version of the command is that of the first aggregate. An aggregate that takes part under two names has
   * one state.
   * @param decide returns the command's result, which a repeat of the command returns again
   * @throws the `notFound` error of an aggregate; what `decide` throws; InvalidIdError; AggregateExistsError;
   * VersionConflictError; BusyError; EventLogUnavailableError; NestedDecisionError when it is called within a decision
   */
  async decide<P extends Participants, R extends JsonValue | undefined | void = void>(
    participants: P,
    decide: (states: StatesOf<P>, changes: Changes) => R | Promise<R>,
  ): Promise<R> {
    if (this.running.getStore()?.isOver === false) throw new NestedDecisionError();
    const reach = this.basis.reachOf(participants);
    const scope = this.context.command;
    if (!scope) return this.storeAtOnce(reach, undefined, decide);
    return scope.unit.once(() =>
      scope.isHolding ? this.takeInUnit(reach, scope, decide) : this.storeAtOnce(reach, scope, decide),
    );
  }

  /** Stores the decision before it returns. In a conflict it decides again. */
  private storeAtOnce<P extends Participants, R extends Result>(
    reach: Reach<P>,
    scope: CommandScope | undefined,
    decide: Decide<P, R>,
  ): Promise<R> {
    return this.queue.run(reach.keys, async () => {
      const first = await this.firstOutcome(scope);
      if (first) return this.answer(reach, first, scope, undefined as R);
      for (let attempt = 1; attempt <= RETRIES; attempt++) {
        const taken = await this.take(reach, scope, decide);
        try {
          return this.answer(reach, await this.store(taken, scope), scope, taken.result);
        } catch (error) {
          if (!isConflict(error)) throw error;
          refuseForGood(error, scope, taken);
          this.telemetry.conflicted(reach.category);
        }
        await delay(pauseAfter(attempt));
      }
      throw new BusyError(reach.subject);
    });
  }

  /** Leaves the decision to the unit of work of the command. In a conflict the handler runs again. */
  private async takeInUnit<P extends Participants, R extends Result>(
    reach: Reach<P>,
    scope: CommandScope,
    decide: Decide<P, R>,
  ): Promise<R> {
    await scope.waitForTurn(reach.keys, () => HeldTurn.in(this.queue, reach.keys));
    const first = await this.firstOutcome(scope);
    if (first) return this.answer(reach, first, scope, undefined as R);
    const taken = await this.take(reach, scope, decide);
    for (const stream of taken.changes.created.keys()) {
      if (scope.existing.has(stream)) throw new AggregateExistsError(stream);
    }
    scope.unit.take({ streams: streamsOf(taken), store: () => this.storeInUnit(reach, scope, taken) });
    return taken.result;
  }

  private async storeInUnit<R extends Result>(reach: Reach, scope: CommandScope, taken: Taken<R>): Promise<boolean> {
    try {
      const stored = await this.store(taken, scope);
      // Stored by the same command at the same time, elsewhere: the next run gets its outcome.
      if (stored.repeated) return false;
      this.answer(reach, stored, scope, taken.result);
      scope.endTurn();
      return true;
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (error instanceof ConcurrencyError && taken.changes.created.has(error.stream)) {
        scope.existing.add(error.stream);
        return false;
      }
    }
    this.telemetry.conflicted(reach.category);
    scope.conflicts += 1;
    if (scope.conflicts >= RETRIES) throw new BusyError(reach.subject);
    await delay(pauseAfter(scope.conflicts));
    return false;
  }

  private async firstOutcome(scope: CommandScope | undefined): Promise<AppendResult | undefined> {
    return scope?.commandId === undefined ? undefined : this.log.findCommand(scope.commandId);
  }

  /** Reads the participants as of one moment and decides. */
  private async take<P extends Participants, R extends Result>(
    reach: Reach<P>,
    scope: CommandScope | undefined,
    decide: Decide<P, R>,
  ): Promise<Taken<R>> {
    for (let attempt = 1; attempt <= RETRIES; attempt++) {
      const basis = await this.basis.read(reach);
      refuseOtherVersion(scope, basis);
      if (!basis.isOneMoment) {
        await delay(pauseAfter(attempt));
        continue;
      }
      const changes = new AskedChanges();
      const decided = await this.alone(() => decide(basis.states, changes));
      const appends = appendsOf(basis, changes, this.serializer, this.context.metadata);
      return { basis, changes, appends, result: reach.queries.size > 0 ? copyOf(decided) : decided };
    }
    throw new BusyError(reach.subject);
  }

  private async alone<R>(decide: () => R | Promise<R>): Promise<R> {
    const decision = { isOver: false };
    try {
      return await this.running.run(decision, decide);
    } finally {
      // What the callback has started without waiting for it may decide later.
      decision.isOver = true;
    }
  }

  private async store(
    { basis, changes, appends, result }: Taken,
    scope: CommandScope | undefined,
  ): Promise<AppendResult> {
    const commandId = scope?.commandId;
    if (commandId === undefined && appends.every(({ events }) => events.length === 0)) return unchanged(basis);
    const stored = await this.log.append(appends, {
      ...scope?.identity,
      condition: basis.condition,
      result: commandId === undefined ? undefined : (result ?? undefined),
    });
    if (!stored.repeated) {
      for (const { aggregate, version, eventId } of savedAggregates(basis, changes, appends)) {
        this.loader.stored(aggregate, version, eventId);
      }
    }
    return stored;
  }

  private answer<R>(reach: Reach, stored: AppendResult, scope: CommandScope | undefined, result: R): R {
    if (stored.repeated) scope?.refuseOther(stored);
    const stream = firstStreamOf(reach, stored);
    const version = (stream === undefined ? undefined : stored.versions[stream]) ?? 0;
    scope?.record({ position: stored.position, version, repeated: stored.repeated });
    return stored.repeated ? (stored.result as R) : result;
  }
}
