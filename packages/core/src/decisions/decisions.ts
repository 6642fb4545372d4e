import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AggregateExistsError, BusyError } from '../aggregates/aggregate.errors.js';
import { AggregateLoader } from '../aggregates/aggregate-loader.js';
import type { CommandScope } from '../commands/command-scope.js';
import { MessageContext } from '../commands/message-context.js';
import type { UnitOfWork } from '../commands/unit-of-work.js';
import { ConcurrencyError } from '../event-log/event-log.errors.js';
import { EventLog } from '../event-log/event-log.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import type { JsonValue } from '../events/json.js';
import { Telemetry } from '../telemetry.js';
import type { Changes } from './changes.js';
import { DecisionBasis, type Reach } from './decision-basis.js';
import { DecisionSteps } from './decision-steps.js';
import { HeldTurn } from './held-turn.js';
import { KeyedQueue } from './keyed-queue.js';
import { NestedDecisionError } from './nested-decision.error.js';
import type { Participants, StatesOf } from './participants.js';
import { RETRIES, pauseAfter } from './retries.js';
import { type Decide, isConflict, refuseForGood, type Result, streamsOf, type Taken } from './taken.js';

/** Takes decisions, over one stream or several, and stores their events. */
@Injectable()
export class Decisions {
  private readonly queue = new KeyedQueue();
  private readonly steps: DecisionSteps;

  constructor(
    log: EventLog,
    serializer: EventSerializer,
    private readonly basis: DecisionBasis,
    loader: AggregateLoader,
    private readonly context: MessageContext,
    private readonly telemetry: Telemetry,
  ) {
    this.steps = new DecisionSteps(log, serializer, basis, loader, context);
  }

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
    if (this.steps.areRunning) throw new NestedDecisionError();
    const reach = this.basis.reachOf(participants);
    const { command: scope, unit } = this.context;
    if (!scope || !unit) {
      await this.context.storeDecided();
      return this.storeAtOnce(reach, undefined, decide);
    }
    return unit.once(async () => {
      const taken = scope.isRepeatable && unit.isOpen && (await this.takeInUnit(reach, scope, unit, decide));
      if (taken) return taken.result;
      const result = await this.storeAtOnce(reach, scope, decide);
      unit.recordStored();
      return result;
    });
  }

  /** Stores the decision before it returns. In a conflict it decides again. */
  private storeAtOnce<P extends Participants, R extends Result>(
    reach: Reach<P>,
    scope: CommandScope | undefined,
    decide: Decide<P, R>,
  ): Promise<R> {
    return this.queue.run(reach.keys, async () => {
      const first = await this.steps.firstOutcome(scope);
      if (first) return this.steps.answer(reach, first, scope, undefined as R);
      for (let attempt = 1; attempt <= RETRIES; attempt++) {
        const taken = await this.steps.take(reach, scope, decide);
        try {
          return this.steps.answer(reach, await this.steps.store(taken, scope), scope, taken.result);
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

  /**
   * Leaves the decision to the unit of work of the command. In a conflict the handler runs again.
   * @returns undefined when the handler can't run again by now, so that the decision must be stored at once
   */
  private async takeInUnit<P extends Participants, R extends Result>(
    reach: Reach<P>,
    scope: CommandScope,
    unit: UnitOfWork,
    decide: Decide<P, R>,
  ): Promise<{ result: R } | undefined> {
    await scope.waitForTurn(reach.keys, () => HeldTurn.in(this.queue, reach.keys));
    let isKept = false;
    try {
      const first = await this.steps.firstOutcome(scope);
      if (first) return { result: this.steps.answer(reach, first, scope, undefined as R) };
      const taken = await this.steps.take(reach, scope, decide);
      for (const stream of taken.changes.created.keys()) {
        if (scope.existing.has(stream)) throw new AggregateExistsError(stream);
      }
      // A nested command may have begun in the meantime, or the handler ended.
      isKept = scope.isRepeatable && unit.isOpen;
      if (!isKept) return undefined;
      unit.take({ streams: streamsOf(taken), store: () => this.storeInUnit(reach, scope, taken) });
      scope.turn?.limit();
      return taken;
    } finally {
      if (!isKept) scope.endTurn();
    }
  }

  private async storeInUnit<R extends Result>(reach: Reach, scope: CommandScope, taken: Taken<R>): Promise<boolean> {
    scope.turn?.hold();
    let isOutdated = false;
    try {
      isOutdated = !(await this.storedInUnit(reach, scope, taken));
      return !isOutdated;
    } finally {
      if (isOutdated) scope.turn?.limit();
      else scope.endTurn();
    }
  }

  private async storedInUnit<R extends Result>(reach: Reach, scope: CommandScope, taken: Taken<R>): Promise<boolean> {
    try {
      const stored = await this.steps.store(taken, scope);
      // Stored by the same command at the same time, elsewhere: the next run gets its outcome.
      if (stored.repeated) return false;
      this.steps.answer(reach, stored, scope, taken.result);
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
}
