import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { CommandScope, MessageContext } from '../commands/message-context.js';
import { ConcurrencyError, ConditionNotMetError } from '../event-log/event-log.errors.js';
import { type AppendCondition, type AppendResult, EventLog } from '../event-log/event-log.js';
import { EventSerializer } from '../event-log/event-serializer.js';
import type { JsonValue } from '../events/json.js';
import { Telemetry } from '../telemetry.js';
import { KERNEL } from './aggregate-root.js';
import { type AggregateClass, type AnyAggregate, describeAggregate, streamOf } from './aggregate.decorator.js';
import { AggregateExistsError, BusyError, VersionConflictError } from './aggregate.errors.js';
import type { Guard } from './guard.js';
import { readAllGuarded, readLastGuarded } from './guarded-events.js';
import { AggregateLoader } from './aggregate-loader.js';
import type { Moment } from './moment.js';
import { KeyedQueue } from './keyed-queue.js';

/** Options for storing a decision. */
export interface SaveOptions<R extends JsonValue | undefined, E extends object = object> {
  /** The command's result. It is stored with the append and returned again on a repeat. */
  readonly result?: R;
  /** A rule over several streams that the decision depends on. */
  readonly guard?: Guard<E>;
}

const TRIES = 10;
/** Longest pause before the second attempt, in ms. It doubles with each further attempt. */
const FIRST_PAUSE = 4;
const LONGEST_PAUSE = 250;

/** Loads aggregates from the log and stores their new events. */
@Injectable()
export class AggregateRepository {
  private readonly queue = new KeyedQueue();

  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
    private readonly loader: AggregateLoader,
    private readonly context: MessageContext,
    private readonly telemetry: Telemetry,
  ) {}

  /**
   * The aggregate as it is now, or as it was at a version or moment.
   * @throws the aggregate's `notFound` error; VersionNotFoundError when it exists but never had that version
   */
  load<A extends AnyAggregate>(aggregateClass: AggregateClass<A>, id: string, moment: Moment = {}): Promise<A> {
    return this.loader.load(aggregateClass, id, moment);
  }

  /**
   * Stores a new aggregate.
   * @throws AggregateExistsError; what the guard throws; BusyError; EventLogUnavailableError
   */
  async create<A extends AnyAggregate, R extends JsonValue | undefined = undefined>(
    aggregateClass: AggregateClass<A>,
    aggregate: A,
    options: SaveOptions<R> = {},
  ): Promise<R> {
    const scope = this.context.command;
    if (scope?.expectedVersion !== undefined) throw new VersionConflictError(scope.expectedVersion, 0);
    return this.decide(aggregateClass, aggregate.id, scope, options, async () => aggregate);
  }

  /**
   * Loads the aggregate, calls `decide` and stores the new events. On a conflict, when the stream or the guard's events
   * changed in between, it loads and decides again, unless the caller stated an expected version. So `decide` must
   * depend on nothing but the aggregate. It may first read more of the same stream, up to the version of the aggregate,
   * such as an event by its tag.
   * @throws the aggregate's `notFound` error; what `decide` and the guard throw; VersionConflictError; BusyError;
   * EventLogUnavailableError
   */
  async update<A extends AnyAggregate, R extends JsonValue | undefined = undefined>(
    aggregateClass: AggregateClass<A>,
    id: string,
    decide: (aggregate: A) => void | Promise<void>,
    options: SaveOptions<R> = {},
  ): Promise<R> {
    const scope = this.context.command;
    return this.decide(aggregateClass, id, scope, options, async () => {
      const aggregate = await this.load(aggregateClass, id);
      refuseOtherVersion(scope, aggregate.version);
      await decide(aggregate);
      return aggregate;
    });
  }

  private async decide<A extends AnyAggregate, R extends JsonValue | undefined>(
    aggregateClass: AggregateClass<A>,
    id: string,
    scope: CommandScope | undefined,
    options: SaveOptions<R>,
    decision: () => Promise<A>,
  ): Promise<R> {
    scope?.claimAppend();
    const stream = streamOf(aggregateClass, id);
    return this.queue.run(stream, async () => {
      const first = scope?.commandId && (await this.log.findCommand(scope.commandId));
      if (first) return this.answer(first, scope, options);
      for (let attempt = 1; attempt <= TRIES; attempt++) {
        // The guard reads first. The append's condition catches an event that is stored between this read and the
        // decision.
        const condition = options.guard && (await this.checkGuard(options.guard));
        const aggregate = await decision();
        try {
          return this.answer(await this.store(stream, aggregate, scope, options, condition), scope, options);
        } catch (error) {
          if (!(error instanceof ConcurrencyError || error instanceof ConditionNotMetError)) throw error;
          if (error instanceof ConcurrencyError) refuseForGood(error, scope, aggregate);
          this.telemetry.conflicted(describeAggregate(aggregateClass).category);
        }
        await delay(Math.random() * Math.min(FIRST_PAUSE * 2 ** attempt, LONGEST_PAUSE));
      }
      throw new BusyError(stream);
    });
  }

  private async store(
    stream: string,
    aggregate: AnyAggregate,
    scope: CommandScope | undefined,
    options: SaveOptions<JsonValue | undefined>,
    condition: AppendCondition | undefined,
  ): Promise<AppendResult> {
    const { pending, position } = aggregate[KERNEL];
    const commandId = scope?.commandId;
    if (pending.length === 0 && !commandId) return unchanged(stream, aggregate, position);
    const { metadata } = this.context;
    const events = pending.map((event: object) => ({
      ...this.serializer.toNewEvent(event, metadata),
      eventId: uuidv7(),
    }));
    const stored = await this.log.append([{ stream, expected: aggregate.version, events }], {
      ...scope?.identity,
      condition,
      result: commandId === undefined ? undefined : options.result,
    });
    const last = events.at(-1);
    if (last && !stored.repeated) this.loader.stored(aggregate, aggregate.version + events.length, last.eventId);
    return stored;
  }

  private answer<R extends JsonValue | undefined>(
    stored: AppendResult,
    scope: CommandScope | undefined,
    options: SaveOptions<R>,
  ): R {
    if (stored.repeated) scope?.refuseOther(stored);
    // A command is one append to one stream.
    const [version = 0] = Object.values(stored.versions);
    scope?.record({ position: stored.position, version, repeated: stored.repeated });
    return (stored.repeated ? stored.result : options.result) as R;
  }

  private async checkGuard(guard: Guard): Promise<AppendCondition> {
    const { query } = guard;
    const { events, after } = await (guard.lastOfEachTag ? readLastGuarded : readAllGuarded)(this.log, query);
    guard.check(events.flatMap((recorded) => this.serializer.fromRecorded(recorded) ?? []));
    return { query, after };
  }
}

function refuseOtherVersion(scope: CommandScope | undefined, actual: number): void {
  const expected = scope?.expectedVersion;
  if (expected !== undefined && expected !== actual) throw new VersionConflictError(expected, actual);
}

/** Throws for a conflict that deciding again would not resolve. */
function refuseForGood(error: ConcurrencyError, scope: CommandScope | undefined, aggregate: AnyAggregate): void {
  refuseOtherVersion(scope, error.actual);
  if (aggregate.version === 0) throw new AggregateExistsError(error.stream);
}

function unchanged(stream: string, aggregate: AnyAggregate, position: number): AppendResult {
  return {
    position,
    versions: { [stream]: aggregate.version },
    recordedAt: new Date(),
    repeated: false,
    result: undefined,
    fingerprint: undefined,
  };
}
