import type { EntityManager } from 'typeorm';
import { v5 as uuidv5 } from 'uuid';
import { execute } from '../../databases/execute.js';
import type { EventLog } from '../../event-log/event-log.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import { EVENT_SKIPPED } from '../../events/operator-events.js';
import type { RangeRow } from '../../subscriptions/ranges/range-row.js';
import { LeasedPart } from '../../subscriptions/states/lease.js';
import type { StatesByKind } from '../../subscriptions/states/states-by-kind.js';
import type { SubscriptionRow } from '../../subscriptions/states/subscription-row.js';
import { SPLIT } from '../../subscriptions/states/subscription-row.js';
import type { SubscriptionRegistry } from '../../subscriptions/subscription-registry.js';
import { SubscriptionNotFoundError } from '../subscription.errors.js';
import type { Subscription } from '../../subscriptions/subscription.js';
import { NotTheNextEventError, SkipOvertakenError, SubscriptionNotStoppedError } from './skip.errors.js';

/** Which event an operator skips, and why. */
export interface SkipRequest {
  readonly eventId: string;
  /** Kept in the log. */
  readonly reason: string;
  /** Actor of the event that is appended, such as a user id, or `cli`. */
  readonly actor: string;
}

/** An event that a subscription does not handle, because an operator has skipped it. */
export interface SkippedEvent {
  readonly eventId: string;
  readonly position: number;
  readonly stream: string;
  readonly type: string;
}

/** What has stopped: the subscription, or one of its ranges. */
interface StoppedPart {
  readonly range: RangeRow | undefined;
  readonly position: number;
  readonly epoch: number;
}

/** Derives the command ids of skips: the same event is skipped once for a subscription, however often it is asked for. */
const SKIPS = '5d6cf0a2-7a5e-4c39-9d0c-0a6b3f1e8d27';
const PAGE = 100;

/** Skips events for subscriptions that have stopped at them. */
export class EventSkips {
  /** @internal */
  constructor(
    private readonly registry: SubscriptionRegistry,
    private readonly states: StatesByKind,
    private readonly log: EventLog,
    /** Notifies all nodes that a row has changed. */
    private readonly announce: () => void,
  ) {}

  /**
   * Skips the event at which a subscription has stopped: it never handles it, and goes on with the next one. First stores an
   * event of the type `leftfold.event-skipped` with the reason, in the stream `leftfold_skips-<name>`; then moves the
   * checkpoint. If the process dies in between, the next request finishes the work. A rebuild of a read model handles the event
   * again.
   * @throws SubscriptionNotFoundError, SubscriptionNotStoppedError; NotTheNextEventError when it has stopped at another event;
   * SkipOvertakenError when a process tries it at the same time
   */
  async skip(name: string, request: SkipRequest): Promise<SkippedEvent> {
    const subscription = this.registry.find(name);
    if (!subscription) throw new SubscriptionNotFoundError(name);
    const { kind } = subscription;
    const row = (await this.states[kind].list()).find((each) => each.name === name);
    const stopped = row ? stoppedPartsOf(row) : [];
    if (!row || stopped.length === 0) throw new SubscriptionNotStoppedError(name);
    const next: RecordedEvent[] = [];
    for (const part of stopped) {
      const event = await this.nextOf(part, subscription.types);
      if (event?.eventId === request.eventId) {
        await this.record(subscription, event, request);
        await this.states[kind].transaction((manager) => this.pass(manager, subscription, part, event));
        this.announce();
        const { eventId, position, stream, type } = event;
        return { eventId, position, stream, type };
      }
      if (event) next.push(event);
    }
    throw new NotTheNextEventError(name, request.eventId, next);
  }

  private async nextOf({ range, position }: StoppedPart, types: readonly string[]): Promise<RecordedEvent | undefined> {
    const part = range && new LeasedPart(range);
    const partitions = range && { partitions: { first: range.first, last: range.last } };
    for (let after = position; ;) {
      const { events, upTo } = await this.log.readAll({ after, limit: PAGE, types, ...partitions });
      const found = events.find((event) => !part || part.hasToHandle(event));
      if (found || events.length < PAGE) return found;
      after = upTo;
    }
  }

  private async record({ name }: Subscription, event: RecordedEvent, { reason, actor }: SkipRequest): Promise<void> {
    const { eventId, position, stream, type } = event;
    const skipped = { subscription: name, eventId, position, stream, type, reason };
    await this.log.append(
      [
        {
          stream: `leftfold_skips-${name}`,
          expected: 'any',
          events: [{ type: EVENT_SKIPPED, data: skipped, metadata: { actor } }],
        },
      ],
      { commandId: uuidv5(`${name} ${eventId}`, SKIPS) },
    );
  }

  /** Moves the checkpoint over the event, unless a process was faster. */
  private async pass(
    manager: EntityManager,
    { name, kind }: Subscription,
    { range, position, epoch }: StoppedPart,
    event: RecordedEvent,
  ): Promise<void> {
    const states = this.states[kind];
    if (!range) {
      const { affected } = await execute(
        manager.queryRunner!,
        `update ${states.table} set position = ?, discarded = discarded + 1, owner = null, epoch = epoch + 1,
                expires_at = ${states.now}, halted = case when halted = 'paused' then halted end, last_error = null,
                attempt_position = null, attempts = 0, restarts = 0, restart_at = null
          where name = ? and epoch = ? and position = ?`,
        [event.position, name, epoch, position],
      );
      if (affected !== 1) throw new SkipOvertakenError(name);
      return;
    }
    const ranges = states.ranges;
    const before = await ranges.lock(manager, name);
    const row = await states.lockAlone(manager, name);
    const found = before.find((each) => each.epoch === epoch && each.position === position);
    if (!found || !row) throw new SkipOvertakenError(name);
    const next = Math.max(row.epoch, ...before.map((each) => each.epoch)) + 1;
    const progress = { ...found.progress, lastError: null, attemptPosition: null, attempts: 0, restarts: 0 };
    const passed = { ...found, position: event.position, owner: null, isFree: true, epoch: next, progress };
    await ranges.replace(manager, name, { before, after: before.map((each) => (each === found ? passed : each)) });
    await execute(
      manager.queryRunner!,
      `update ${states.table} set discarded = discarded + 1, epoch = ?, last_error = null,
              halted = case when halted = 'stopped' then '${SPLIT}' else halted end where name = ?`,
      [next, name],
    );
  }
}

function stoppedPartsOf(row: SubscriptionRow): StoppedPart[] {
  if (row.ranges.length === 0) {
    const { position, epoch } = row;
    return row.halted === 'stopped' || row.restarts > 0 ? [{ range: undefined, position, epoch }] : [];
  }
  return row.ranges
    .filter(({ progress }) => progress.restarts > 0)
    .map((range) => ({ range, position: range.position, epoch: range.epoch }));
}
