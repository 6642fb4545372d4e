import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { BusyError } from '../aggregates/aggregate.errors.js';
import type { AggregateLoader } from '../aggregates/aggregate-loader.js';
import type { CommandScope } from '../commands/command-scope.js';
import type { MessageContext } from '../commands/message-context.js';
import type { AppendResult, EventLog } from '../event-log/event-log.js';
import type { EventSerializer } from '../event-log/event-serializer.js';
import { AskedChanges } from './changes.js';
import type { DecisionBasis, Reach } from './decision-basis.js';
import { appendsOf, firstStreamOf, savedAggregates } from './new-events.js';
import type { Participants } from './participants.js';
import { RETRIES, pauseAfter } from './retries.js';
import { copyOf, type Decide, refuseOtherVersion, type Result, type Taken, unchanged } from './taken.js';

/** The steps of a decision: take it, store it, answer. When they follow each other is up to `Decisions`. */
export class DecisionSteps {
  /** The decision whose callback is running. */
  private readonly running = new AsyncLocalStorage<{ isOver: boolean }>();

  constructor(
    private readonly log: EventLog,
    private readonly serializer: EventSerializer,
    private readonly basis: DecisionBasis,
    private readonly loader: AggregateLoader,
    private readonly context: MessageContext,
  ) {}

  /** Whether the callback of a decision is running. */
  get areRunning(): boolean {
    return this.running.getStore()?.isOver === false;
  }

  /** The outcome of the command when it was executed before. */
  async firstOutcome(scope: CommandScope | undefined): Promise<AppendResult | undefined> {
    return scope?.commandId === undefined ? undefined : this.log.findCommand(scope.commandId);
  }

  /** Reads the participants as of one moment and decides. */
  async take<P extends Participants, R extends Result>(
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
      changes.end();
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

  /** @throws ConcurrencyError and ConditionNotMetError when it is outdated; EventLogUnavailableError */
  async store({ basis, changes, appends, result }: Taken, scope: CommandScope | undefined): Promise<AppendResult> {
    const commandId = scope?.commandId;
    const changesNothing = appends.every(({ events }) => events.length === 0);
    if (commandId === undefined && changesNothing) return unchanged(basis);
    // A command that changes nothing answers the position of its own stream. The states are those of one moment, so the
    // versions of the other streams need no check.
    const stored = await this.log.append(changesNothing ? appends.slice(0, 1) : appends, {
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

  /** Records the outcome of the command. @returns its result, that of the first time when it is repeated */
  answer<R>(reach: Reach, stored: AppendResult, scope: CommandScope | undefined, result: R): R {
    if (stored.repeated) scope?.refuseOther(stored);
    const stream = firstStreamOf(reach, stored);
    const version = (stream === undefined ? undefined : stored.versions[stream]) ?? 0;
    scope?.record({ position: stored.position, version, repeated: stored.repeated });
    return stored.repeated ? (stored.result as R) : result;
  }
}
