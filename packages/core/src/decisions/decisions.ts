import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AggregateExistsError, BusyError, VersionConflictError } from '../aggregates/aggregate.errors.js';
import { AggregateLoader } from '../aggregates/aggregate-loader.js';
import { type CommandScope, MessageContext } from '../commands/message-context.js';
import { ConcurrencyError, ConditionNotMetError } from '../event-log/event-log.errors.js';
import { type AppendResult, EventLog } from '../event-log/event-log.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import type { JsonValue } from '../events/json.js';
import { Telemetry } from '../telemetry.js';
import { AskedChanges, type Changes } from './changes.js';
import { type Basis, DecisionBasis, type Reach } from './decision-basis.js';
import { KeyedQueue } from './keyed-queue.js';
import { NestedDecisionError } from './nested-decision.error.js';
import { appendsOf, firstStreamOf, savedAggregates } from './new-events.js';
import type { Participants, StatesOf } from './participants.js';
import { RETRIES, pauseAfter } from './retries.js';

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
   * together with the result. If the stream of an aggregate or an event of a model was stored in between, it reads and
   * decides again, unless the caller stated an expected version. So `decide` must depend on nothing but the
   * participants, and must not change a model's state.
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
    return scope ? scope.once(() => this.run(reach, scope, decide)) : this.run(reach, undefined, decide);
  }

  private run<P extends Participants, R extends JsonValue | undefined | void>(
    reach: Reach<P>,
    scope: CommandScope | undefined,
    decide: (states: StatesOf<P>, changes: Changes) => R | Promise<R>,
  ): Promise<R> {
    return this.queue.run(reach.keys, async () => {
      const first = scope?.commandId && (await this.log.findCommand(scope.commandId));
      if (first) return this.answer(reach, first, scope, undefined as R);
      for (let attempt = 1; attempt <= RETRIES; attempt++) {
        const basis = await this.basis.read(reach);
        refuseOtherVersion(scope, basis);
        if (!basis.isOneMoment) continue;
        const changes = new AskedChanges();
        const decided = await this.alone(() => decide(basis.states, changes));
        const result = reach.queries.size > 0 ? copyOf(decided) : decided;
        try {
          return this.answer(reach, await this.store(basis, changes, scope, result), scope, result);
        } catch (error) {
          if (!(error instanceof ConcurrencyError || error instanceof ConditionNotMetError)) throw error;
          if (error instanceof ConcurrencyError) refuseForGood(error, scope, basis, changes);
          this.telemetry.conflicted(reach.category);
        }
        await delay(pauseAfter(attempt));
      }
      throw new BusyError(reach.subject);
    });
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
    basis: Basis,
    changes: AskedChanges,
    scope: CommandScope | undefined,
    result: JsonValue | undefined | void,
  ): Promise<AppendResult> {
    const appends = appendsOf(basis, changes, this.serializer, this.context.metadata);
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

/** A result may be a part of a model's state, which later decisions change. */
function copyOf<R>(result: R): R {
  return typeof result === 'object' && result !== null ? structuredClone(result) : result;
}

function refuseOtherVersion(scope: CommandScope | undefined, { aggregates }: Basis): void {
  const expected = scope?.expectedVersion;
  if (expected === undefined) return;
  const [aggregate] = aggregates.values();
  const actual = aggregate?.version ?? 0;
  if (expected !== actual || !aggregate) throw new VersionConflictError(expected, actual);
}

/** Throws for a conflict that deciding again would not resolve. */
function refuseForGood(
  { stream, actual }: ConcurrencyError,
  scope: CommandScope | undefined,
  { aggregates }: Basis,
  { created }: AskedChanges,
): void {
  if (created.has(stream)) throw new AggregateExistsError(stream);
  const [first] = aggregates.keys();
  const expected = scope?.expectedVersion;
  if (expected !== undefined && stream === first) throw new VersionConflictError(expected, actual);
}

function unchanged({ aggregates, lastPosition }: Basis): AppendResult {
  return {
    position: lastPosition,
    versions: Object.fromEntries([...aggregates].map(([stream, { version }]) => [stream, version])),
    recordedAt: new Date(),
    repeated: false,
    result: undefined,
    fingerprint: undefined,
  };
}
