import type { OpenDatabase } from '../../databases/open-database.js';
import { select } from '../../databases/execute.js';
import type { EventLog } from '../../event-log/event-log.js';
import { partitionOf } from '../../event-log/partition.js';
import type { RecordedEvent } from '../../event-log/recorded-event.js';
import type { CommandSources } from '../../sagas/outbox/command-sources.js';
import type { OutboxContents } from '../../sagas/outbox/outbox-contents.js';
import type { ParkedState } from '../../subscriptions/parking/parked-event.entity.js';
import type { SubscriptionRow } from '../../subscriptions/states/subscription-row.js';
import type { SubscriptionStates } from '../../subscriptions/states/subscription-states.js';
import type { SubscriptionRegistry } from '../../subscriptions/subscription-registry.js';
import type { Subscription } from '../../subscriptions/subscription.js';
import {
  type CausationGraph,
  causationGraph,
  type EffectFact,
  type OutboxFact,
  type ParkedFact,
} from './causation-graph.js';

/** The most events of one graph, and the most commands of the outbox. */
const MOST = 1_000;

interface ParkedColumns {
  readonly id: string;
  readonly subscription: string;
  readonly position: number | string;
  readonly state: ParkedState;
  readonly due_at: number | string | null;
  readonly attempts: number;
  readonly first_failed_at: number | string;
  readonly last_failed_at: number | string;
  readonly error: string;
}

/** What followed from one request, by its correlation id, for operators and auditors. The same on every node. */
export class Causation {
  /** @internal */
  constructor(
    private readonly log: EventLog,
    private readonly database: OpenDatabase,
    private readonly registry: SubscriptionRegistry,
    private readonly sideEffects: SubscriptionStates,
    private readonly outbox: OutboxContents,
    private readonly sources: CommandSources,
  ) {}

  /**
   * The events with this correlation id, in the order of the log; the commands of sagas that they caused, also scheduled ones; side
   * effects of this program; dead letters. It has no data of events. A command of a saga that stored nothing leaves no trace once it is done.
   * @returns no nodes when nothing has this correlation id; at most the first 1,000 events
   */
  async of(correlationId: string): Promise<CausationGraph> {
    // Before the events: what is in the outbox now has its cause in the log, and what is done later has its events there.
    const outbox = await this.outboxed(correlationId);
    const { events: found } = await this.log.readAll({ correlationId, after: 0, limit: MOST + 1 });
    const events = found.slice(0, MOST);
    const effects = await this.effects();
    return causationGraph(correlationId, {
      events,
      isCut: found.length > MOST || outbox.length === MOST,
      outbox,
      parked: await this.parked(events),
      effects,
    });
  }

  private async outboxed(correlationId: string): Promise<OutboxFact[]> {
    const steps = await this.outbox.story(correlationId, MOST);
    return steps.map(({ letterId, attempts, firstFailedAt, lastFailedAt, error, ...step }) => ({
      ...step,
      actor: this.sources.find(step.saga)?.actor ?? `saga:${step.saga}`,
      command: step.name,
      letter:
        step.state === 'dead'
          ? {
              kind: 'dead-letter',
              id: letterId!,
              subscription: step.saga,
              attempts,
              firstFailedAt: firstFailedAt!,
              lastFailedAt: lastFailedAt!,
              error: error!,
            }
          : undefined,
    }));
  }

  private async parked(events: readonly RecordedEvent[]): Promise<ParkedFact[]> {
    const names = this.registry.parking.map(({ name }) => name);
    if (events.length === 0 || names.length === 0) return [];
    const { dialect } = this.database.write;
    const rows = await select<ParkedColumns>(
      this.database.read,
      `select id, subscription, position, state, due_at, attempts, first_failed_at, last_failed_at, error from leftfold_parked_events
        where ${dialect.isAnyOf('subscription')} and ${dialect.isAnyOf('position')} order by position, subscription`,
      [dialect.list(names), dialect.list(events.map(({ position }) => position))],
    );
    return rows.map(({ id, subscription, position, state, due_at: dueAt, ...failure }) => ({
      subscription,
      position: Number(position),
      state,
      dueAt: dueAt === null ? undefined : new Date(Number(dueAt)),
      letter:
        state === 'dead'
          ? {
              kind: 'dead-letter',
              id,
              subscription,
              attempts: failure.attempts,
              firstFailedAt: new Date(Number(failure.first_failed_at)),
              lastFailedAt: new Date(Number(failure.last_failed_at)),
              error: failure.error,
            }
          : undefined,
    }));
  }

  private async effects(): Promise<EffectFact[]> {
    const declared = this.registry.all.filter(({ kind }) => kind === 'side-effect');
    if (declared.length === 0) return [];
    const rows = new Map((await this.sideEffects.list()).map((row) => [row.name, row]));
    return declared.map((each) => effectOf(each, rows.get(each.name)));
  }
}

function effectOf({ name, types }: Subscription, row: SubscriptionRow | undefined): EffectFact {
  const own = new Set(types);
  return {
    subscription: name,
    stateOf: ({ type, stream, position }) => {
      if (!own.has(type) || (row && position <= row.startPosition)) return undefined;
      return row && position <= reached(row, stream) ? 'done' : 'pending';
    },
  };
}

/** Nodes that share a side effect are not equally far. */
function reached({ ranges, position }: SubscriptionRow, stream: string): number {
  if (ranges.length === 0) return position;
  const partition = partitionOf(stream);
  return ranges.find(({ first, last }) => first <= partition && partition <= last)?.position ?? position;
}
